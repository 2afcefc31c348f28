/* SPDX-License-Identifier: Apache-2.0
 *
 * What the page does: theme, sorting, charts, lists of articles behind the confusion counts. Articles' texts are data: they go in by
 * textContent alone.
 */
const data = JSON.parse(document.getElementById('data').textContent);

/* ---- Light and dark ---- */

function addThemeButton() {
	const root = document.documentElement, prefers = matchMedia('(prefers-color-scheme: dark)');
	const button = make('button', { type: 'button', class: 'theme' });
	const isDark = () => (root.dataset.theme || (prefers.matches ? 'dark' : 'light')) === 'dark';
	const name = () => { button.textContent = isDark() ? 'Light page' : 'Dark page'; };
	button.addEventListener('click', () => {
		root.dataset.theme = isDark() ? 'light' : 'dark';
		name();
	});
	prefers.addEventListener('change', name);
	name();
	document.querySelector('.mast .wrap').append(button);
}

/* ---- Sorting ---- */

function sortKey(row, column) {
	const cell = row.cells[column], key = cell.dataset.sort;
	if (key === undefined) return cell.textContent.trim();
	return key === '' ? -Infinity : Number(key.replace('\u2212', '-'));
}

function compare(a, b) {
	return typeof a === 'number' && typeof b === 'number' ? (a === b ? 0 : a < b ? -1 : 1) : String(a).localeCompare(String(b), 'en', { numeric: true });
}

/* Numbers begin with the largest, names with the first; a second press turns the order round. */
function sortBy(table, head, column) {
	const before = head.getAttribute('aria-sort'), numeric = head.classList.contains('num');
	const order = before === 'none' ? (numeric ? 'descending' : 'ascending') : before === 'ascending' ? 'descending' : 'ascending';
	const body = table.tBodies[0], sign = order === 'ascending' ? 1 : -1;
	const rows = [...body.rows].map((row) => [sortKey(row, column), row]);
	rows.sort((a, b) => sign * compare(a[0], b[0]));
	body.append(...rows.map((r) => r[1]));
	for (const other of table.tHead.rows[0].cells) other.setAttribute('aria-sort', 'none');
	head.setAttribute('aria-sort', order);
}

function makeSortable(table) {
	[...table.tHead.rows[0].cells].forEach((head, column) => {
		const button = make('button', { type: 'button' }, ...head.childNodes);
		head.append(button);
		head.setAttribute('aria-sort', 'none');
		button.addEventListener('click', () => sortBy(table, head, column));
	});
}

/* ---- Articles behind a count ---- */

function cellName(task, number) {
	if (task.kind === 'multilabel') {
		const yes = (bit) => bit ? 'yes' : 'no';
		return `${task.axis[Math.floor(number / 4)]}: gold ${yes(number & 2)}, model ${yes(number & 1)}`;
	}
	const n = task.axis.length;
	return `Gold ${task.axis[Math.floor(number / n)]}, model ${task.axis[number % n]}`;
}

function article([place, certainty, suspect]) {
	const [id, title, snippet, source, date] = data.articles[place];
	const origin = make('p', { class: 'origin' });
	[source, date, id].filter(Boolean).forEach((part, i) => origin.append(i ? ' \u00B7 ' : '', make('bdi', {}, part)));
	return make('li', {}, make('p', { class: 'title', dir: 'auto' }, title || '(no title)'), origin,
		make('p', { class: 'snippet', dir: 'auto' }, snippet + (snippet.length > 100 && /[a-z0-9,]$/i.test(snippet) ? '\u2026' : '')),
		make('p', { class: 'verdict' }, `Model sure to ${fixed(certainty, 2)} `, suspect ? make('span', { class: 'tag' }, 'likely label error') : ''));
}

function showCell(task, box, cell, button, panel) {
	const total = Number(cell.textContent.replace(/,/g, '')), cases = task.cells[cell.dataset.cell] || [];
	const close = make('button', { type: 'button', class: 'close' }, 'Close');
	const head = make('h4', { tabindex: -1 }, make('bdi', {}, cellName(task, Number(cell.dataset.cell))), `: ${plural(total, 'article')}`);
	const shut = () => {
		panel.hidden = true;
		button.setAttribute('aria-expanded', 'false');
		button.focus();
	};
	close.addEventListener('click', shut);
	panel.onkeydown = (event) => { if (event.key === 'Escape') shut(); };
	panel.replaceChildren(make('div', { class: 'panel-head' }, head, close),
		make('p', { class: 'note' }, cases.length < total ? `${cases.length} of them are listed.` : ''),
		make('ol', { class: 'cases', tabindex: 0, 'aria-label': 'Articles' }, ...cases.map(article)));
	for (const other of box.querySelectorAll('button[aria-expanded="true"]')) other.setAttribute('aria-expanded', 'false');
	button.setAttribute('aria-expanded', 'true');
	panel.hidden = false;
	head.focus();
}

function addCellButtons(box) {
	const task = data.tasks[box.dataset.task];
	const panel = make('div', { class: 'panel', role: 'group', 'aria-label': 'Articles of the chosen count', id: `panel-${box.dataset.task}`, hidden: '' });
	for (const cell of box.querySelectorAll('td[data-cell]')) {
		const n = cell.textContent;
		if (n === '0') continue;
		const button = make('button', { type: 'button', 'aria-expanded': 'false', 'aria-controls': panel.id,
			'aria-label': `${n}: ${cellName(task, Number(cell.dataset.cell))}` }, n);
		button.addEventListener('click', () => showCell(task, box, cell, button, panel));
		cell.replaceChildren(button);
	}
	box.append(panel);
}

/* ---- Start ---- */

document.documentElement.classList.add('scripted');
addThemeButton();
document.querySelectorAll('table.sortable').forEach(makeSortable);
document.querySelectorAll('.confusion').forEach(addCellButtons);
document.querySelectorAll('.chart').forEach((box) => charts[box.dataset.chart](box, data.tasks[box.dataset.task], box.dataset.task));

/* Print shows what is folded, and folds it again. */
let unfolded = [];
addEventListener('beforeprint', () => {
	unfolded = [...document.querySelectorAll('details:not([open])')];
	for (const details of unfolded) details.open = true;
});
addEventListener('afterprint', () => {
	for (const details of unfolded) details.open = false;
});
