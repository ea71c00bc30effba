import { render } from 'preact';
import type { JSX } from 'preact';
import '../style/report.css';

/** Puts a sheet on paper and nothing else; what is on the screen is left as it is. */
export function printSheet(sheet: JSX.Element): void {
  const host = document.createElement('div');
  host.className = 'report';
  document.body.append(host);
  document.body.dataset['report'] = '';
  render(sheet, host);
  addEventListener('afterprint', () => {
    delete document.body.dataset['report'];
    render(null, host);
    host.remove();
  }, { once: true });
  window.print();
}
