import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { csvName, csvText, download, type CsvFormat, type CsvOrigin, type CsvTable } from '../csv/csv_file.ts';
import { cw } from '../i18n/csv_words.ts';
import { language } from '../i18n/i18n.ts';
import '../style/csv.css';
import { useBedside } from './context.ts';

const FORMATS: readonly CsvFormat[] = ['comma', 'point'];

/** The button beside the others of a page's bar. */
export const CsvButton = ({ open, onClick }: { readonly open: boolean; readonly onClick: () => void }): JSX.Element => (
  <button type="button" class="button button-compact" aria-expanded={open} title={cw('title')} onClick={onClick} data-csv>{cw('open')}</button>
);

/** What a page shows now: null = not everything is here yet. */
export interface ShownTable {
  readonly table: CsvTable;
  readonly from: number;
  readonly to: number;
}

interface Props {
  readonly make: () => ShownTable | null;
  readonly close: () => void;
}

/** In which writing, and then the file. It stands in the page and covers nothing. */
export function CsvPanel({ make, close }: Props): JSX.Element {
  const { store } = useBedside();
  const spoken = useCell(language);
  const [chosen, setChosen] = useState<CsvFormat | null>(null);
  const [said, setSaid] = useState('');
  const format = chosen ?? (spoken === 'fr' ? 'comma' : 'point');
  const save = (): void => {
    const shown = make();
    if (shown === null) {
      setSaid(cw('busy'));
      return;
    }
    const session = store.session.value;
    const origin: CsvOrigin = {
      box: session?.box ?? '', bed: session?.bed ?? '', build: session?.build ?? '', ward: wardClockOf(session),
      from: shown.from, to: shown.to, at: store.now() ?? Date.now(), demo: store.demo.value,
    };
    const name = csvName(shown.table, origin);
    download(name, csvText(shown.table, origin, format));
    setSaid(cw('done', { name, n: shown.table.rows.length }));
  };
  return (
    <div class="csv" role="group" aria-label={cw('title')} data-csv-panel>
      <div class="segmented" role="group" aria-label={cw('format')}>
        {FORMATS.map((one) => <button key={one} type="button" aria-pressed={format === one} data-csv-format={one} onClick={() => setChosen(one)}>{cw(one)}</button>)}
      </div>
      <button type="button" class="button button-sure" onClick={save} data-csv-save>{cw('save')}</button>
      <button type="button" class="button" onClick={close}>{cw('cancel')}</button>
      <span role="status">{said || cw('warn')}</span>
    </div>
  );
}
