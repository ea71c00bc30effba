import { useEffect, useState } from 'preact/hooks';

/** A value that can be watched. */
export class Cell<T> {
  private readonly watchers = new Set<(value: T) => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const watcher of [...this.watchers]) watcher(value);
  }

  /** Returns how to stop watching. */
  watch(watcher: (value: T) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
}

/** Part of a cell's value: what shows no more of it is drawn anew only when that part changes. */
export function useCellPart<T, P extends string | number | boolean | null>(cell: Cell<T>, part: (value: T) => P): P {
  const [value, setValue] = useState(() => part(cell.value));
  useEffect(() => {
    setValue(part(cell.value));
    return cell.watch((next) => setValue(part(next)));
  }, [cell]);
  return value;
}

export function useCell<T>(cell: Cell<T>): T {
  const [value, setValue] = useState(cell.value);
  useEffect(() => {
    setValue(() => cell.value);
    return cell.watch((next) => setValue(() => next));
  }, [cell]);
  return value;
}
