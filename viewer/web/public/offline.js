// The clock of this station, and a look every two seconds whether the box is back.
const clock = document.getElementById('clock');
const date = document.getElementById('date');
const two = (value) => String(value).padStart(2, '0');

function show() {
  const now = new Date();
  clock.textContent = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  date.textContent = `${two(now.getDate())}/${two(now.getMonth() + 1)}/${now.getFullYear()}`;
}

async function look() {
  try {
    const answer = await fetch('/api/v1/session', { cache: 'no-store', signal: AbortSignal.timeout(2000) });
    if (!answer.ok) return;
    if (location.pathname === '/offline.html') location.replace('/');
    else location.reload();
  } catch {
    // Not yet.
  }
}

show();
setInterval(show, 250);
setInterval(() => void look(), 2000);
