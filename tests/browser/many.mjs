// SPDX-License-Identifier: Apache-2.0
//
// many.mjs CORPUS N: N articles from the corpus, over and over, with ids, sources and labels that differ, on standard output.
import { readFileSync, writeSync } from 'node:fs';

const [corpus, n] = process.argv.slice(2);
const articles = readFileSync(corpus, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const stances = ['favor', 'none', 'against'];
let lines = '';
for (let i = 0; i < Number(n); i++) {
	const article = { ...articles[i % articles.length], id: `article-${i}`, source: `source ${i % 700}` };
	if (i % 5 === 0) article.topics = [['ai_industry', 'us_china_policy', 'finance'][i % 3]];
	if (i % 7 === 0) article.stance = Object.fromEntries(Object.keys(article.stance || {}).map((name, k) => [name, stances[(i + k) % 3]]));
	lines += `${JSON.stringify(article)}\n`;
	if (lines.length > 1 << 20 || i + 1 === Number(n)) {
		for (let bytes = Buffer.from(lines); bytes.length > 0;) bytes = bytes.subarray(writeSync(1, bytes));
		lines = '';
	}
}
