/** Painters of all lanes, run together once per frame at most. */
export class PaintList {
  private readonly painters = new Set<() => void>();
  private asked = false;

  add = (painter: () => void): (() => void) => {
    this.painters.add(painter);
    this.ask();
    return () => this.painters.delete(painter);
  };

  ask = (): void => {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      for (const paint of this.painters) paint();
    });
  };
}
