import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { type WardClock, wardClockOf } from '../base/local_time.ts';
import { MISSING } from '../catalog/units.ts';
import { language, t } from '../i18n/i18n.ts';
import type { StayTasks } from '../wire/stay_api.ts';
import { useBedside } from './context.ts';
import { route } from './route.ts';

/** One short line under the bed's name. While the identity is in doubt nothing of the stay is said. */
export function stayWords(tasks: StayTasks, ward: WardClock, now: number): string {
  const span = tasks.now;
  if (span === null) return t('stay.empty');
  const time = ward.shortStamp(span.since, now);
  switch (span.certainty) {
    case 'conflict': return t('stay.conflict');
    case 'no-patient-yet': return t('stay.none');
    case 'provisional': return t('stay.provisional', { time });
    case 'sure':
    case 'uncertain': return t('stay.since', { time });
  }
}

/** The bed, and in words without identity who lies in it; leads to the page of the patient. */
export function BedName({ name }: { readonly name: string }): JSX.Element {
  const { stays, store } = useBedside();
  const tasks = useCell(stays.tasks);
  const link = useCell(store.link);
  const session = useCell(store.session);
  const { screen } = useCell(route);
  useCell(language);
  if (tasks === null || !tasks.kept) return <div class="bed"><span class="bed-name">{name}</span></div>;
  const isLost = link.state === 'lost';
  const words = isLost ? MISSING : stayWords(tasks, wardClockOf(session), store.now() ?? Date.now());
  return (
    <a class="bed" href="#/patient" aria-current={screen === 'patient' ? 'page' : undefined}>
      <span class="bed-name">{name}{tasks.open > 0 && <span class="bed-open" data-stay-open={tasks.open} title={t('stay.open', { n: tasks.open })}><span aria-hidden="true">?</span><span class="sr"> {t('stay.open', { n: tasks.open })}</span></span>}</span>
      <span class="bed-stay" data-stay={isLost ? 'unknown' : (tasks.now?.certainty ?? 'empty')}>{words}</span>
    </a>
  );
}
