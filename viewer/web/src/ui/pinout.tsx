import type { JSX } from 'preact';
import { t, type SetupKey } from '../i18n/setup_words.ts';
import type { HelpBlock } from '../wire/setup_api.ts';

/** Rows of pins as one sees them when looking at the connector. */
const FACES: { readonly [connector: string]: readonly (readonly number[])[] } = {
  'db9-male': [[1, 2, 3, 4, 5], [6, 7, 8, 9]],
  'db9-female': [[5, 4, 3, 2, 1], [9, 8, 7, 6]],
  'db25-female': [[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], [25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14]],
  rj45: [[1, 2, 3, 4, 5, 6, 7, 8]],
};

const STEP = 34;
const RADIUS = 12;

/** The connector from the front, its used pins filled. */
function Face({ connector, used }: { readonly connector: string; readonly used: ReadonlySet<number> }): JSX.Element | null {
  const rows = FACES[connector];
  if (rows === undefined) return null;
  const wide = Math.max(...rows.map((row) => row.length)) * STEP + 36;
  const high = rows.length * STEP + 30;
  const round = connector === 'rj45';
  const outline = round
    ? `M10 6H${wide - 10}V${high - 22}H${wide / 2 + 34}V${high - 6}H${wide / 2 - 34}V${high - 22}H10Z`
    : `M18 6H${wide - 18}Q${wide - 4} 6 ${wide - 8} 20L${wide - 22} ${high - 14}Q${wide - 26} ${high - 6} ${wide - 34} ${high - 6}H34Q26 ${high - 6} 22 ${high - 14}L8 20Q4 6 18 6Z`;
  return (
    <svg class="face" viewBox={`0 0 ${wide} ${high}`} width={wide} height={high} role="img" aria-label={t('help.face', { name: t(`connector.${connector}` as SetupKey), pins: [...used].join(', ') })}>
      <path d={outline} />
      {rows.map((row, y) => row.map((pin, x) => {
        const cx = (wide - (row.length - 1) * STEP) / 2 + x * STEP;
        const cy = (round ? 24 : 32) + y * STEP;
        return (
          <g key={pin} class={used.has(pin) ? 'pin pin-used' : 'pin'}>
            {round ? <rect x={cx - 10} y={cy - 12} width={20} height={26} rx={3} /> : <circle cx={cx} cy={cy} r={RADIUS} />}
            <text x={cx} y={cy + 5}>{pin}</text>
          </g>
        );
      }))}
    </svg>
  );
}

interface Wire {
  readonly pin: number;
  readonly signal: string;
  /** Pin of the box; null = none. */
  readonly box: number | null;
  /** The sheet has more to say than a number. */
  readonly sure: boolean;
}

const wiresOf = (block: HelpBlock): Wire[] => block.cells.slice(1).map((row) => {
  const box = /^\d+/.exec(row[2] ?? '');
  return { pin: Number(row[0]), signal: row[1] ?? '', box: box === null ? null : Number(box[0]), sure: /^\d+$/.test(row[2] ?? '') };
});

/** Which pin of the device goes to which of the box: lines that cross are wires that cross. */
function Wires({ wires }: { readonly wires: readonly Wire[] }): JSX.Element {
  const right = [...new Set(wires.flatMap((wire) => (wire.box === null ? [] : [wire.box])))].sort((a, b) => a - b);
  const high = Math.max(wires.length, right.length) * STEP + 30;
  const y = (i: number): number => 44 + i * STEP;
  return (
    <svg class="wires" viewBox={`0 0 340 ${high}`} width={340} height={high} aria-hidden="true">
      <text class="wires-end" x={136} y={18}>{t('help.device')}</text>
      <text class="wires-box" x={304} y={18}>{t('help.box')}</text>
      {wires.map((wire, i) => wire.box !== null && <path key={`w${wire.pin}`} class={wire.sure ? 'wire' : 'wire wire-unsure'} d={`M166 ${y(i)}C225 ${y(i)} 225 ${y(right.indexOf(wire.box))} 284 ${y(right.indexOf(wire.box))}`} />)}
      {wires.map((wire, i) => (
        <g key={wire.pin} class={wire.box === null ? 'pin' : 'pin pin-used'}>
          <text class="wires-signal" x={128} y={y(i) + 5}>{wire.signal.replace(/,.*$/, '')}</text>
          <circle cx={152} cy={y(i)} r={RADIUS} />
          <text x={152} y={y(i) + 5}>{wire.pin}</text>
        </g>
      ))}
      {right.map((pin, i) => <g key={`b${pin}`} class="pin pin-used"><circle cx={298} cy={y(i)} r={RADIUS} /><text x={298} y={y(i) + 5}>{pin}</text></g>)}
    </svg>
  );
}

/** A pinout drawn from its table, which stands below as text. */
export function Pinout({ block }: { readonly block: HelpBlock }): JSX.Element {
  const wires = wiresOf(block);
  return (
    <div class="pinout">
      <div class="pinout-drawn">
        <figure><Face connector={block.connector} used={new Set(wires.map((wire) => wire.pin))} /><figcaption>{t(`connector.${block.connector}` as SetupKey)}, {t('help.front')}</figcaption></figure>
        <Wires wires={wires} />
      </div>
      <table>
        <thead><tr>{(block.cells[0] ?? []).map((cell) => <th key={cell} scope="col">{cell}</th>)}</tr></thead>
        <tbody>{block.cells.slice(1).map((row) => <tr key={row[0]}>{row.map((cell, i) => (i === 0 ? <th key={i} scope="row">{cell}</th> : <td key={i}>{cell}</td>))}</tr>)}</tbody>
      </table>
      {wires.some((wire) => wire.box !== null && !wire.sure) && <p class="pinout-note">{t('help.unsure')}</p>}
    </div>
  );
}
