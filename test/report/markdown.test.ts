import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Report} from '../../source/model/report.ts';
import {markdownChunks} from '../../source/report/markdown.ts';
import {fileReport} from '../store/run-log.ts';
import {
	ACTING,
	analyses,
	brokenFile,
	goodFile,
	HOSTILE_TEXTS,
	randomReport,
	reportOf,
	result,
	resultWithoutCategories,
} from './sample-report.ts';

const toMarkdown = (report: Report): string => [...markdownChunks(report, analyses)].join('');

/** Cells of a table's row: what stands between bars that are not escaped. */
const cellsOf = (line: string): string[] => line.split(/(?<!\\)(?:\\\\)*\|/).slice(1, -1);

const reportOfCategory = (category: string): Report => {
	const categories = [{category, count: 1, amount: '5'}];
	return reportOf([goodFile], {analyses: {transactions: {...result, top_category: category, categories}}});
};

describe('the Markdown report', () => {
	test('says why there are no categories, whatever the reason holds', () => {
		const report = reportOf([goodFile], {analyses: {transactions: resultWithoutCategories('Too *many* | <b>')}});
		const text = toMarkdown(report);
		expect(text).toContain('| Top category | too many categories |\n');
		expect(text).toContain('\nToo \\*many\\* \\| &lt;b&gt;\n');
		expect(text).not.toContain('### Categories');
	});

	test('tells how it went, what came out, what went wrong, and of each file', () => {
		expect(toMarkdown(reportOf([brokenFile, goodFile]))).toBe(`# fileproc-tui report

Completed: 1 of 2 files completed, 1 failed, 5.3 kB, 100 rows in 2.0 s (2.7 kB/s).

| Files | Completed | Failed | Cancelled | Skipped | Rows | Rejected rows |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| 2 | 1 | 1 | 0 | 0 | 100 | 2 |

## transactions

| Figure | Value |
| --- | ---: |
| Transactions | 98 |
| Total amount | 1,234,567.50 |
| Average | 12,597.627551 |
| Top category | groceries |
| Dates | 2024-01-01 to 2024-01-31 |
| Unique customers | 37 |

### Categories

| Category | Count | Amount |
| --- | ---: | ---: |
| groceries | 60 | 1,234,000.00 |
| (none) | 38 | 567.50 |

## Files that did not complete

| File | Status | Reason | Line | Attempts |
| --- | --- | --- | ---: | ---: |
| data/broken.csv | failed | UNCLOSED\\_QUOTE: the quote on line 4 is never closed | 4 | 1 |

## Rejected rows

| File | Rejected | Of | First of them |
| --- | ---: | ---: | --- |
| data/good.csv | 2 | 100 rows | line 17: amount not-a-number "12,5o" |

## Files

| File | Status | Analysis | Size | Rows | Rejected | Time |
| --- | --- | --- | ---: | ---: | ---: | ---: |
| data/broken.csv | failed | – | 300 B read | – | – | 0.500 s |
| data/good.csv | completed | transactions | 5.0 kB | 100 | 2 | 0.021 s |
`);
	});

	test('text from files can neither break a table, nor become markup, nor act on a terminal', () => {
		fc.assert(
			fc.property(randomReport, report => {
				const markdown = toMarkdown(report);
				expect(markdown).not.toMatch(ACTING);
				expect(markdown).not.toMatch(/[<>@]/);
				expect(markdown.replaceAll(/\\./g, '')).not.toMatch(/[`*_~$[\]]/);
				const tables = markdown.split('\n\n').filter(block => block.startsWith('|'));
				for (const table of tables) {
					const widths = new Set(
						table
							.trimEnd()
							.split('\n')
							.map(line => cellsOf(line).length),
					);
					expect([...widths]).toHaveLength(1);
				}
			}),
		);
	});

	test.each([
		['Persian', 'می\u200cخواهم'],
		['Hindi with a joiner', 'क्\u200dष'],
		['a family', '👨\u200d👩\u200d👧 family'],
		['an emoji with a selector', '🍽\ufe0f Dining'],
		['a burning heart', '❤\ufe0f\u200d🔥'],
		['a keycap', '1\ufe0f\u20e3'],
		['a skin tone', '👍🏽 ok'],
		['a person of a trade', '👩🏽\u200d💻'],
		['the flag of Scotland', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
		['a variant of a Han character', '葛\u{e0100}'],
	])('%s stands in it as it is', (_what, name) => {
		expect(toMarkdown(reportOf([fileReport(name)]))).toContain(`| ${name} |`);
		expect(toMarkdown(reportOfCategory(name))).toContain(`| Top category | ${name} |\n`);
		expect(toMarkdown(reportOfCategory(name))).toContain(`| ${name} | 1 | 5 |\n`);
	});

	test.each([
		['an override of direction', 'a\u202eb', 'a\\\\u{202e}b'],
		['a word joiner', 'word\u2060joiner', 'word\\\\u{2060}joiner'],
		['a zero-width space', 'a\u200bb', 'a\\\\u{200b}b'],
		['a joiner between Latin letters', 'pay\u200dpal', 'pay\\\\u{200d}pal'],
		['tags that are no flag', 'a\u{e0041}\u{e007f}', 'a\\\\u{e0041}\\\\u{e007f}'],
		['tags of a flag that does not end', '🏴\u{e0067}', '🏴\\\\u{e0067}'],
		['selectors in a row', '😀\u{e0100}\u{e0101}', '😀\u{e0100}\\\\u{e0101}'],
		['a selector with nothing to vary', ' \ufe0f', ' \\\\u{fe0f}'],
	])('%s is seen in it', (_what, name, cell) => {
		expect(toMarkdown(reportOf([fileReport(name)]))).toContain(`| ${cell} |`);
		expect(toMarkdown(reportOfCategory(name))).toContain(`| ${cell} | 1 | 5 |\n`);
	});

	test.each([
		'http://x.example/y',
		'HTTPS://x.example',
		'ftp://x',
		'www.x.example',
		'mailto:a@b.example',
		'xmpp:a@b',
	])('%j does not become a link by itself', name => {
		const markdown = toMarkdown(reportOf([fileReport(name)]));
		expect(markdown).not.toMatch(/(?:https?|ftp):|www\.|mailto:|xmpp:|@/i);
		const decoded = markdown.replaceAll(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code)));
		expect(decoded).toContain(`| ${name} |`);
	});

	test.each(HOSTILE_TEXTS)('a file named %j has one row in the table of files', name => {
		const lines = toMarkdown(reportOf([fileReport(name)])).split('\n');
		const header = lines.findIndex(line => line.startsWith('| File |'));
		expect(cellsOf(lines[header + 2] ?? '')).toHaveLength(7);
		expect(lines.slice(header + 3)).toEqual(['']);
	});

	test('a run that was cancelled says so', () => {
		const file = fileReport('a.csv', {status: 'cancelled', attempts: 0});
		expect(toMarkdown(reportOf([file], {status: 'cancelled'}))).toContain(
			'Cancelled: 0 of 1 file completed, 1 cancelled',
		);
	});
});
