import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { language } from '../i18n/i18n.ts';
import { t, type SetupKey } from '../i18n/setup_words.ts';
import { readHelpList, readHelpPage, type HelpBlock, type HelpEntry, type HelpPage as Page, type Span } from '../wire/setup_api.ts';
import { Icon } from './icon.tsx';
import { Pinout } from './pinout.tsx';
import { helpLink, route } from './route.ts';
import { useJson } from './use_json.ts';

// Pages come as paragraphs, lists and tables of plain text; nothing of them is ever taken for markup.

function Words({ spans }: { readonly spans: readonly Span[] }): JSX.Element {
  return (
    <>
      {spans.map((span, i) => {
        switch (span.style) {
          case 'strong': return <strong key={i}>{span.text}</strong>;
          case 'code': return <code key={i}>{span.text}</code>;
          case 'word': return <em key={i}>{span.text}</em>;
          default: return span.text;
        }
      })}
    </>
  );
}

function Block({ block }: { readonly block: HelpBlock }): JSX.Element {
  switch (block.kind) {
    case 'heading': return <h3><Words spans={block.lines[0] ?? []} /></h3>;
    case 'list': return <ul>{block.lines.map((line, i) => <li key={i}><Words spans={line} /></li>)}</ul>;
    case 'steps': return <ol>{block.lines.map((line, i) => <li key={i}><Words spans={line} /></li>)}</ol>;
    case 'pinout': return <Pinout block={block} />;
    case 'table':
      return (
        <table>
          <thead><tr>{(block.cells[0] ?? []).map((cell) => <th key={cell} scope="col">{cell}</th>)}</tr></thead>
          <tbody>{block.cells.slice(1).map((row, i) => <tr key={i}>{row.map((cell, j) => (j === 0 ? <th key={j} scope="row">{cell}</th> : <td key={j}>{cell}</td>))}</tr>)}</tbody>
        </table>
      );
    default: return <p><Words spans={block.lines[0] ?? []} /></p>;
  }
}

const verdict = (value: string): string => t(`verdict.${value}` as SetupKey);

function Glance({ page }: { readonly page: Page }): JSX.Element {
  const of = (topic: string): string => page.en.sections.find((one) => one.topic === topic)?.verdict ?? 'none';
  return (
    <dl class="glance">
      <div><dt>{t('help.tried')}</dt><dd>{page.tried.map((line) => <code key={line}>{line}</code>)}</dd></div>
      <div><dt>{t('help.nullModem')}</dt><dd>{verdict(of('null-modem'))}</dd></div>
      <div><dt>{t('help.listenOnly')}</dt><dd>{verdict(of('listen-only'))}</dd></div>
      <div><dt>{t('help.quality')}</dt><dd>{t(`quality.${page.quality}` as SetupKey)}</dd></div>
    </dl>
  );
}

/** A section with pins needs the whole width. */
const isWide = (topic: string, blocks: readonly HelpBlock[]): boolean => topic === 'pinout' && blocks.some((block) => block.kind === 'pinout');

function DevicePage({ driver }: { readonly driver: string }): JSX.Element {
  const page = useJson(`/api/v1/help/devices/${encodeURIComponent(driver)}`, readHelpPage, 0);
  const spoken = language.value;
  const text = page?.[spoken];
  return (
    <main class="health help" id="values" tabIndex={0} data-help={page?.driver ?? ''}>
      <div class="page-head">
        <h1>{text?.title ?? t('help.title')}</h1>
        <a class="button" href="#/setup"><Icon name="cable" /><span>{t('help.toPorts')}</span></a>
        <a class="button" href={helpLink('')}><Icon name="list" /><span>{t('help.all')}</span></a>
      </div>
      {page === null && <p class="verdict">{t('help.missing')}</p>}
      {page != null && text !== undefined && (
        <>
          <p class="help-lead">{text.lead}</p>
          <Glance page={page} />
          {text.sections.map((section) => (
            <section key={section.topic} class={isWide(section.topic, section.blocks) ? 'card card-wide help-section' : 'card help-section'} data-topic={section.topic}>
              <h2>{section.heading}</h2>
              {section.blocks.map((block, i) => <Block key={i} block={block} />)}
            </section>
          ))}
        </>
      )}
    </main>
  );
}

function Entry({ entry }: { readonly entry: HelpEntry }): JSX.Element {
  const spoken = language.value;
  return (
    <a class="card help-entry" href={helpLink(entry.driver)} data-help-entry={entry.driver}>
      <strong>{entry.title[spoken]}</strong>
      <span>{entry.lead[spoken]}</span>
      <span class="help-tried">{entry.tried.map((line) => <code key={line}>{line}</code>)}</span>
      <small>{t('help.pair', { a: t('help.nullModem'), b: verdict(entry.nullModem) })} · {t('help.pair', { a: t('help.listenOnly'), b: verdict(entry.listenOnly) })}</small>
    </a>
  );
}

function ListPage(): JSX.Element {
  const list = useJson('/api/v1/help/devices', readHelpList, 0);
  return (
    <main class="health help" id="values" tabIndex={0} data-help="list">
      <div class="page-head">
        <h1>{t('help.title')}</h1>
        <a class="button" href="#/setup"><Icon name="cable" /><span>{t('help.toPorts')}</span></a>
      </div>
      <p class="help-lead">{t('help.lead')}</p>
      {list === null && <p class="verdict">{t('health.unreachable')}</p>}
      {(list ?? []).map((entry) => <Entry key={entry.driver} entry={entry} />)}
    </main>
  );
}

/** How each device is connected: the list, or the page of one. */
export function HelpPage(): JSX.Element {
  const { query } = useCell(route);
  useCell(language);
  const driver = query.get('device') ?? '';
  return driver === '' ? <ListPage /> : <DevicePage key={driver} driver={driver} />;
}
