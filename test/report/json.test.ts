import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {FileReport} from '../../source/model/report.ts';
import {jsonChunks, toJson, toJsonLine} from '../../source/report/json.ts';
import {failed, progressed, runStarted, stampAt} from '../store/run-log.ts';
import {ACTING, brokenFile, goodFile, HOSTILE_TEXTS, randomReport, reportOf} from './sample-report.ts';

describe('the JSON report', () => {
	test('is read back as the same value, and nothing in its text acts on a terminal', () => {
		fc.assert(
			fc.property(randomReport, report => {
				const json = toJson(report);
				expect(JSON.parse(json)).toEqual(report);
				expect(json).not.toMatch(ACTING);
			}),
		);
	});

	test('has the layout of the contract', () => {
		const empty = {...goodFile, file: 'e.csv', result: null, rejects: [], dialect: null};
		expect(toJson(reportOf([empty, brokenFile], {analyses: {}}))).toBe(
			`{
  "report_version": 1,
  "status": "completed",
  "totals": {
    "files": 2,
    "completed": 1,
    "failed": 1,
    "cancelled": 0,
    "skipped": 0,
    "bytes": 5321,
    "rows": 100,
    "rejected_rows": 2,
    "processing_time": 2
  },
  "analyses": {},
  "files": [
    {
      "file": "e.csv",
      "status": "completed",
      "analysis": "transactions",
      "attempts": 1,
      "bytes": 5021,
      "rows": 100,
      "rejected_rows": 2,
      "processing_time": 0.021,
      "error": null,
      "dialect": null,
      "result": null,
      "rejects": []
    },
    {
      "file": "data/broken.csv",
      "status": "failed",
      "analysis": null,
      "attempts": 1,
      "bytes": 300,
      "rows": 0,
      "rejected_rows": 0,
      "processing_time": 0.5,
      "error": {"code": "UNCLOSED_QUOTE", "message": "the quote on line 4 is never closed", "line": 4, "byte_offset": 112},
      "dialect": null,
      "result": null,
      "rejects": []
    }
  ]
}
`,
		);
	});

	test('has its keys in the order of the contract, for objects in any order', () => {
		const reversed = Object.fromEntries(Object.entries(goodFile).reverse()) as unknown as FileReport;
		expect(toJson(reportOf([reversed]))).toBe(toJson(reportOf([goodFile])));
	});

	test('keeps keys that the contract may add later', () => {
		const newer = {...goodFile, checksum: 'abc'};
		const files = [newer, goodFile, newer];
		expect(JSON.parse(toJson(reportOf(files))).files).toEqual(files);
	});

	test('has the right parts for each file, however much it has in common with the one before', () => {
		const part = fc.record({
			status: fc.constantFrom(goodFile.status, brokenFile.status),
			analysis: fc.constantFrom(goodFile.analysis, null),
			attempts: fc.constantFrom(1, 2),
			error: fc.constantFrom(null, brokenFile.error),
			dialect: fc.constantFrom(null, goodFile.dialect),
			rejects: fc.constantFrom(goodFile.rejects, brokenFile.rejects),
			others: fc.constantFrom({}, {checksum: 'abc'}),
		});
		fc.assert(
			fc.property(fc.array(part), parts => {
				const files = parts.map(({others, ...same}) => ({...goodFile, ...same, ...others}));
				expect(JSON.parse(toJson(reportOf(files))).files).toEqual(files);
			}),
		);
	});

	test('of an edited recording is still JSON, and acts on no terminal', () => {
		for (const key of ['bytes', 'rows', 'rejected_rows', 'processing_time', 'attempts'] as const) {
			for (const value of ['\u202e\u009b', {a: 1}, null, Number.NaN]) {
				const json = toJson(reportOf([{...goodFile, [key]: value} as unknown as FileReport]));
				expect(JSON.parse(json).files[0][key]).toEqual(Number.isNaN(value) ? null : value);
				expect(json).not.toMatch(ACTING);
			}
			const lacking = {...goodFile, [key]: undefined} as unknown as FileReport;
			expect(() => toJson(reportOf([lacking]))).toThrow(TypeError);
		}
	});

	test('without files is complete', () => {
		expect(JSON.parse(toJson(reportOf([])))).toEqual(reportOf([]));
	});

	test('comes in chunks that do not grow with the number of files', () => {
		const chunks = [...jsonChunks(reportOf(Array.from({length: 1000}, () => goodFile)))];
		const oneFile = toJson(reportOf([goodFile])).length;
		expect(Math.max(...chunks.map(chunk => chunk.length))).toBeLessThan(64 * 1024 + oneFile);
		expect(Buffer.concat(chunks).toString().split('"file": ')).toHaveLength(1001);
	});
});

describe('a JSON line', () => {
	test('is one line that begins with type and time', () => {
		const line = toJsonLine(stampAt(progressed('a.csv', 500), 20, 3));
		expect(line).toMatch(/^\{"type":"file-progressed","seq":3,"at":"2024-01-01T00:00:00\.020Z",/);
		expect(line.indexOf('\n')).toBe(line.length - 1);
	});

	test('is read back as the same event, and nothing in it acts on a terminal', () => {
		for (const text of HOSTILE_TEXTS) {
			for (const fact of [failed(text, {error: {...goodError, message: text}}), runStarted({paths: [text]})]) {
				const event = stampAt(fact, 5);
				const line = toJsonLine(event);
				expect(JSON.parse(line)).toEqual(event);
				expect(line.trimEnd()).not.toMatch(ACTING);
				expect(line.split('\n')).toHaveLength(2);
			}
		}
	});
});

const goodError = {code: 'EIO', message: '', line: null, byte_offset: null};
