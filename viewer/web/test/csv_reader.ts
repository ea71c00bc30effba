// Reads what csv_file.ts writes, knowing only what the head of a file says of itself: written apart from it, so that a slip in one shows in the other.

export interface ReadCsv {
  readonly head: ReadonlyMap<string, string>;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly [column: string]: string }[];
  /** A number field in the decimal mark of the file; NaN where it is none. */
  readonly number: (field: string | undefined) => number;
}

function fieldsOf(text: string, separator: string): string[][] {
  const lines: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === separator || (c === '\r' && text[i + 1] === '\n')) {
      lines.at(-1)?.push(field);
      field = '';
      if (c === '\r') {
        lines.push([]);
        i++;
      }
    } else field += c;
  }
  return lines.slice(0, -1);
}

export function readCsv(file: string): ReadCsv {
  if (file.charCodeAt(0) !== 0xfeff) throw new Error('no byte order mark');
  const said = /^# separator(.)(semicolon|comma)\r$/m.exec(file);
  const separator = said?.[2] === 'semicolon' ? ';' : ',';
  if (said?.[1] !== separator) throw new Error('the head does not say how it is separated');
  const lines = fieldsOf(file.slice(1), separator);
  const first = lines.findIndex((line) => !(line[0] ?? '').startsWith('# '));
  const head = new Map(lines.slice(0, first).map((line) => [(line[0] ?? '').slice(2), line[1] ?? '']));
  const decimal = head.get('decimal') === 'comma' ? ',' : '.';
  const columns = lines[first] ?? [];
  const rows = lines.slice(first + 1).map((line) => {
    if (line.length !== columns.length) throw new Error(`${line.length} fields under ${columns.length} columns: ${line.join('|')}`);
    return Object.fromEntries(columns.map((column, i) => [column, line[i] ?? '']));
  });
  const number = (field: string | undefined): number => (field !== undefined && new RegExp(`^-?\\d+(\\${decimal}\\d+)?$`).test(field) ? Number(field.replace(',', '.')) : NaN);
  return { head, columns, rows, number };
}
