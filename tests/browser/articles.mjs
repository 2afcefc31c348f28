// SPDX-License-Identifier: Apache-2.0
//
// articles.mjs CORPUS FOLDER: writes articles.jsonl, some of the corpus and hostile ones, and schema.json, with hostile titles, into FOLDER.
// Whatever of it runs sets window.hacked.
import { readFileSync, writeFileSync } from 'node:fs';

const [corpus, folder] = process.argv.slice(2);
const attack = 'window.hacked=1';
const hostile = [
	`<script>${attack}</script>`, `</script><script>${attack}</script>`, `"><img src=x onerror="${attack}">`, `<svg onload=${attack}>`,
	`'-${attack}-'`, `</title><script>${attack}</script>`, `<!--<script>`, `]]><script>${attack}</script>`, `javascript:${attack}`,
	`\u202Eright to left\u202C \u2066isolate`, `\u2028line\u2029end`, `{{data}} \${${attack}}`, `a`.repeat(300), `\u05D0\u05D1 (title) \u05D2`,
];

const articles = readFileSync(corpus, 'utf8').trim().split('\n').slice(0, 400).map((line) => JSON.parse(line));
hostile.forEach((text, i) => articles.push({ ...articles[i], id: `${text} ${i}`, title: text, text: `${text} ${articles[i].text}`, source: text,
	date: text, writer: articles[i].writer, topics: ['ai_industry', 'us_china_policy', 'finance'], stance: { ai_progress: 'against' } }));
articles.push({ id: 'long', title: 'x'.repeat(1 << 20), text: 'y '.repeat(1 << 19), topics: [], stance: { ai_progress: 'favor' } });
writeFileSync(`${folder}/articles.jsonl`, articles.map((article) => `${JSON.stringify(article)}\n`).join(''));

writeFileSync(`${folder}/schema.json`, JSON.stringify({ name: `</title><script>${attack}</script>`, tasks: [
	{ name: 'topics', kind: 'multilabel', field: 'topics', title: 'Topics', labels: [{ id: 'ai_industry', title: `<img src=x onerror=${attack}>` },
		{ id: 'us_china_policy', title: `"onfocus="${attack}" autofocus="` }, 'finance'] },
	{ name: 'progress', kind: 'stance', field: 'stance.ai_progress', title: `<b>Progress</b> \u202E of AI` },
	{ name: 'writer', kind: 'multiclass', field: 'writer', title: 'Writer' },
] }));
