import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {markdownChunks} from '../../source/report/markdown.ts';
import type {Report} from '../../source/store/report-types.ts';
import {fileReport} from '../store/run-log.ts';
import {ACTING, brokenFile, goodFile, HOSTILE_TEXTS, randomReport, reportOf} from './sample-report.ts';

const toMarkdown = (report: Report): string => [...markdownChunks(report)].join('');

/** Cells of a table's row: what stands between bars that are not escaped. */
const cellsOf = (line: string): string[] => line.split(/(?<!\\)(?:\\\\)*\|/).slice(1, -1);

describe('the Markdown report', () => {
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
| data/broken.csv | failed | – | 300 B | 0 | 0 | 0.500 s |
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
