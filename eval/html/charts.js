/* SPDX-License-Identifier: Apache-2.0
 *
 * Charts as inline SVG, from the page's JSON. Every text goes in by textContent.
 */
'use strict';

const SVG = 'http://www.w3.org/2000/svg';

/* An element (of SVG where ns is given) with attributes and children; strings become text. */
function make(tag, attributes, ...children) {
	const svg = attributes && attributes.svg;
	const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {}))
		if (name !== 'svg' && value !== undefined) element.setAttribute(name, value);
	element.append(...children);
	return element;
}

const draw = (tag, attributes, ...children) => make(tag, { svg: true, ...attributes }, ...children);
const fixed = (x, digits) => Number.isFinite(x) ? x.toFixed(digits).replace('-', '\u2212') : 'n/a';
const count = (n) => Math.round(n).toLocaleString('en-US');
const plural = (n, one) => `${count(n)} ${one}${n === 1 ? '' : 's'}`;

/* Wilson's 95% score interval of k of n. */
function wilson(k, n) {
	if (!n) return [NaN, NaN];
	const z = 1.959963984540054, p = k / n, d = 1 + z * z / n;
	const middle = (p + z * z / (2 * n)) / d, half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d;
	return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/* A plane with axes from x0 to x1 and y0 to y1: {svg, x, y, front}. */
function plane(options) {
	const { title, xName, yName, x0 = 0, x1 = 1, y0 = 0, y1 = 1, height = 300,
		xText = (v) => fixed(v, 2) } = options;
	const left = 58, right = 14, top = 14, bottom = 46, width = 440;
	const x = (v) => left + (v - x0) / (x1 - x0) * (width - left - right);
	const y = (v) => height - bottom - (v - y0) / (y1 - y0) * (height - top - bottom);
	const svg = draw('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title });
	const steps = 4;
	for (let i = 0; i <= steps; i++) {
		const yv = y0 + (y1 - y0) * i / steps, xv = x0 + (x1 - x0) * i / steps;
		svg.append(draw('path', { class: 'grid', d: `M${x(x0)} ${y(yv)}H${x(x1)}` }),
			draw('text', { x: left - 7, y: y(yv) + 4, 'text-anchor': 'end' }, fixed(yv, 2)),
			draw('text', { x: x(xv), y: height - bottom + 17, 'text-anchor': 'middle' }, xText(xv)));
	}
	svg.append(draw('path', { class: 'axis', d: `M${x(x0)} ${y(y0)}H${x(x1)}` }),
		draw('text', { x: x((x0 + x1) / 2), y: height - 8, 'text-anchor': 'middle' }, xName));
	if (yName) svg.append(draw('text', { x: 12, y: y((y0 + y1) / 2), 'text-anchor': 'middle', transform: `rotate(-90 12 ${y((y0 + y1) / 2)})` }, yName));
	return { svg, x, y };
}

/* Where an axis up to 1 begins, and the step of one from 0, so that its four steps are round numbers. */
const floorOf = (least) => Math.max(0, Math.floor((least - 0.02) * 5) / 5);
function roundStep(least) {
	const scale = 10 ** Math.floor(Math.log10(Math.max(1, least)));
	return scale * [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].find((step) => step * scale >= least && Number.isInteger(step * scale));
}

const path = (points) => points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

/* ---- Precision against recall, with a threshold to move ---- */

function ratios(tp, fp, positive) {
	const precision = tp + fp ? tp / (tp + fp) : NaN, recall = positive ? tp / positive : NaN;
	const f1 = positive + tp + fp ? 2 * tp / (positive + tp + fp) : NaN;
	return { precision, recall, f1 };
}

function curveOf(label) {
	const p = plane({ title: `Precision against recall of ${label.title}`, xName: 'recall', yName: 'precision' });
	const points = label.recall.map((r, i) => [p.x(r), p.y(label.precision[i])]);
	const now = ratios(label.now[0], label.now[1], label.positive);
	if (points.length) p.svg.append(draw('path', { class: 'line', d: path(points) }));
	if (points.length === 1) p.svg.append(draw('circle', { class: 'dot', r: 3, cx: points[0][0], cy: points[0][1] }));
	if (Number.isFinite(now.precision) && Number.isFinite(now.recall))
		p.svg.append(draw('circle', { class: 'ring', r: 7, cx: p.x(now.recall), cy: p.y(now.precision) },
			draw('title', {}, `The model as it is: precision ${fixed(now.precision, 2)}, recall ${fixed(now.recall, 2)}`)));
	const dot = draw('circle', { class: 'dot', r: 5.5 });
	p.svg.append(dot);
	return { svg: p.svg, move(precision, recall) {
		const seen = Number.isFinite(precision) && Number.isFinite(recall);
		dot.setAttribute('visibility', seen ? 'visible' : 'hidden');
		dot.setAttribute('cx', p.x(seen ? recall : 0));
		dot.setAttribute('cy', p.y(seen ? precision : 0));
	} };
}

const withRange = (k, n) => {
	const [low, high] = wilson(k, n);
	return [make('b', {}, fixed(n ? k / n : NaN, 2)), ...(n ? [' ', make('span', { class: 'ci' }, `${fixed(low, 2)}\u2013${fixed(high, 2)}`)] : [])];
};

function thresholdChart(box, task, number) {
	const id = (name) => `${name}-${number}`;
	const select = make('select', { id: id('label') }, ...task.labels.map((l, i) => make('option', { value: i }, l.title)));
	const slider = make('input', { type: 'range', id: id('threshold'), min: 0, max: 1, step: 0.01 });
	const feed = make('input', { type: 'number', id: id('feed'), min: 1, max: 1e9, step: 1, value: 1000 });
	const at = make('output', { for: id('threshold'), class: 'at' });
	const out = { precision: make('dd', { class: 'out-precision' }), recall: make('dd', { class: 'out-recall' }), f1: make('dd', { class: 'out-f1' }),
		hits: make('p', { class: 'wide out-hits', role: 'status' }) };
	const holder = make('div', {});
	let label, curve;

	function update() {
		const k = Math.round(slider.value * 100), tp = label.tp[k], fp = label.fp[k];
		const r = ratios(tp, fp, label.positive), scale = Math.max(1, Number(feed.value) || 1) / task.n;
		at.textContent = fixed(k / 100, 2);
		out.precision.replaceChildren(...withRange(tp, tp + fp));
		out.recall.replaceChildren(...withRange(tp, label.positive));
		out.f1.replaceChildren(make('b', {}, fixed(r.f1, 2)));
		out.hits.textContent = `Of ${count(Math.max(1, Number(feed.value) || 1))} such articles about ${count((tp + fp) * scale)} would get the label, ` +
			`${count(tp * scale)} of them rightly; ${count((label.positive - tp) * scale)} would be missed.`;
		curve.move(r.precision, r.recall);
	}
	function choose() {
		label = task.labels[select.value];
		curve = curveOf(label);
		holder.replaceChildren(curve.svg);
		slider.value = label.threshold;
		update();
	}
	select.addEventListener('change', choose);
	slider.addEventListener('input', update);
	feed.addEventListener('input', update);
	box.append(
		make('div', { class: 'controls' },
			make('div', {}, make('label', { for: id('label') }, 'Label'), select),
			make('div', {}, make('label', { for: id('feed') }, 'Articles in a feed'), feed),
			make('div', { class: 'full' }, make('label', { for: id('threshold') }, 'Threshold ', at), slider)),
		make('dl', { class: 'readout' }, make('div', {}, make('dt', {}, 'Precision'), out.precision),
			make('div', {}, make('dt', {}, 'Recall'), out.recall), make('div', {}, make('dt', {}, 'F1'), out.f1)),
		out.hits, holder);
	choose();
}

/* ---- Reliability ---- */

function binsChart(box, task) {
	const p = plane({ title: `Reliability: stated probability against share right, ${task.bins.length} bins; the table has the figures`,
		xName: 'stated probability', yName: 'share right' });
	const most = Math.max(1, ...task.bins.map((b) => b[0]));
	p.svg.append(draw('path', { class: 'dash', d: `M${p.x(0)} ${p.y(0)}L${p.x(1)} ${p.y(1)}` }));
	for (const [n, stated, right] of task.bins) {
		const [low, high] = wilson(Math.round(right * n), n);
		p.svg.append(draw('path', { class: 'whisk', d: `M${p.x(stated)} ${p.y(low)}V${p.y(high)}` }),
			draw('circle', { class: 'dot', r: 3 + 3 * Math.sqrt(n / most), cx: p.x(stated), cy: p.y(right) },
				draw('title', {}, `Stated ${fixed(stated, 2)}, right ${fixed(right, 2)} (${fixed(low, 2)} to ${fixed(high, 2)}), ${count(n)} answers`)));
	}
	const counts = task.bins.map((b) => b[0]), least = Math.min(...counts), largest = Math.max(...counts);
	box.append(p.svg, make('p', { class: 'note' },
		`${plural(task.bins.length, 'bin')} of ${least === largest ? count(least) : `${count(least)} to ${count(largest)}`} answers each; lines are 95% intervals.`));
}

/* ---- Accuracy against the share kept ---- */

function keepChart(box, task) {
	const n = task.kept[task.kept.length - 1], accuracy = task.right.map((r, i) => r / task.kept[i]);
	const floor = floorOf(Math.min(...accuracy));
	const p = plane({ title: `Accuracy against the share of articles kept: ${fixed(accuracy[49], 2)} of all, ${fixed(accuracy[39], 2)} of the surest 80%, ` +
		`${fixed(accuracy[24], 2)} of the surest half`, xName: 'share kept by the model', yName: 'accuracy', y0: floor, xText: (v) => `${Math.round(v * 100)}%` });
	p.svg.append(draw('path', { class: 'line', d: path(task.kept.map((k, i) => [p.x(k / n), p.y(accuracy[i])])) }));
	for (const i of [24, 39, 49]) {
		const x = p.x(task.kept[i] / n), y = p.y(accuracy[i]), below = y < 40 || (i === 49 && y < 230);
		p.svg.append(draw('circle', { class: 'dot', r: 4.5, cx: x, cy: y }),
			draw('text', { x, y: below ? y + 21 : y - 11, 'text-anchor': i === 49 ? 'end' : 'middle' }, fixed(accuracy[i], 2)));
	}
	box.append(p.svg);
}

/* ---- Stance scores ---- */

function scoresChart(box, task) {
	if (!task.scores) return;
	const width = 440, left = 70, right = 14, row = 74, top = 8;
	const height = top + 3 * row + 40, x = (v) => left + (v + 1) / 2 * (width - left - right);
	const svg = draw('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'Distribution of stance scores by gold value; the table has the means' });
	for (const v of [-1, -0.5, 0, 0.5, 1])
		svg.append(draw('path', { class: 'grid', d: `M${x(v)} ${top}V${height - 40}` }),
			draw('text', { x: x(v), y: height - 23, 'text-anchor': 'middle' }, fixed(v, 1)));
	Object.entries(task.scores).forEach(([name, bins], i) => {
		const base = top + (i + 1) * row - 6, most = Math.max(1, ...bins);
		svg.append(draw('text', { x: left - 10, y: base - 20, 'text-anchor': 'end' }, name));
		bins.forEach((n, b) => {
			const high = n ? Math.max(1.5, (row - 18) * n / most) : 0;
			svg.append(draw('rect', { class: `bar ${name}`, x: x(-1 + b / 10) + 1, y: base - high, width: (width - left - right) / 20 - 2, height: high },
				draw('title', {}, `gold ${name}, score ${fixed(-1 + b / 10, 1)} to ${fixed(-0.9 + b / 10, 1)}: ${count(n)}`)));
		});
		svg.append(draw('path', { class: 'axis', d: `M${left} ${base}H${width - right}` }));
	});
	svg.append(draw('text', { x: x(0), y: height - 4, 'text-anchor': 'middle' }, 'score (each row to its own scale)'));
	box.append(svg);
}

/* ---- Learning curve ---- */

function learningChart(box, task) {
	const points = task.learning.filter((p) => p[1] !== null), most = Math.max(1, ...points.map((p) => p[0]));
	if (!points.length) return;
	const name = task.kind === 'stance' ? 'F1 of favor and against' : 'macro-F1';
	const floor = floorOf(Math.min(...points.map((p) => p[2] === null ? p[1] : p[2])));
	const p = plane({ title: `Learning curve: ${points.map((q) => `${name} ${fixed(q[1], 2)} from ${plural(q[0], 'article')}`).join(', ')}`,
		xName: 'articles learnt from (mean over folds)', yName: name, x1: 4 * roundStep(most / 4), y0: floor, xText: count });
	p.svg.append(draw('path', { class: 'line', d: path(points.map((q) => [p.x(q[0]), p.y(q[1])])) }));
	for (const [n, value, low, high] of points) {
		if (low !== null && high !== null) p.svg.append(draw('path', { class: 'whisk', d: `M${p.x(n)} ${p.y(low)}V${p.y(high)}` }));
		p.svg.append(draw('circle', { class: 'dot', r: 4.5, cx: p.x(n), cy: p.y(value) },
			draw('title', {}, `${plural(n, 'article')}: ${fixed(value, 2)}${low === null ? '' : ` (${fixed(low, 2)} to ${fixed(high, 2)})`}`)));
	}
	box.append(p.svg, make('p', { class: 'note' }, 'Lines are 95% intervals, for the choice of articles judged.'));
}

const charts = { threshold: thresholdChart, bins: binsChart, keep: keepChart, scores: scoresChart, learning: learningChart };
