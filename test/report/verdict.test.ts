import {describe, expect, test} from 'vitest';
import type {FileReport} from '../../source/model/report.ts';
import {type FailOn, judge} from '../../source/report/verdict.ts';
import {anError, fileReport} from '../store/run-log.ts';
import {reportOf} from './sample-report.ts';

const good = fileReport('good.csv', {rows: 5});
const partly = fileReport('partly.csv', {rows: 5, rejected_rows: 1});
const rejected = fileReport('rejected.csv', {rows: 3, rejected_rows: 3});
const empty = fileReport('empty.csv');
const failed = fileReport('failed.csv', {status: 'failed', error: anError()});
const skipped = fileReport('skipped.csv', {status: 'skipped', attempts: 0});
const duplicate = fileReport('again.csv', {status: 'skipped', attempts: 0, error: {...anError(), code: 'DUPLICATE'}});

const LEVELS: readonly FailOn[] = ['any', 'rejected', 'nothing', 'all', 'never'];
const codesOf = (files: readonly FileReport[]): number[] =>
	LEVELS.map(failOn => judge(reportOf(files), failOn)?.exitCode ?? 0);

describe('a run counts as failed', () => {
	test.each<[string, readonly FileReport[], readonly number[]]>([
		['all well', [good], [0, 0, 0, 0, 0]],
		['some records rejected', [good, partly], [0, 1, 0, 0, 0]],
		['every record of a file rejected', [good, rejected], [1, 1, 1, 0, 0]],
		['every record of the run rejected', [rejected], [1, 1, 1, 0, 0]],
		['an empty file beside a good one', [good, empty], [1, 1, 1, 0, 0]],
		['a failed file beside a good one', [good, failed], [1, 1, 0, 0, 0]],
		['a failed file alone', [failed], [1, 1, 0, 1, 0]],
		['a skipped file beside a good one', [good, skipped], [0, 0, 0, 0, 0]],
		['nothing but empty files', [empty, empty], [4, 4, 4, 4, 4]],
		['nothing but what was skipped', [skipped], [4, 4, 4, 4, 4]],
		['nothing but duplicates of what was processed before', [duplicate], [0, 0, 0, 0, 0]],
		['empty and failed files', [empty, failed], [1, 1, 1, 0, 0]],
	])('by the rule of --fail-on: %s', (_name, files, codes) => {
		expect(codesOf(files)).toEqual(codes);
	});

	test('for a reason in words', () => {
		expect(judge(reportOf([failed, rejected, empty, partly, good]), 'rejected')?.reason).toBe(
			'1 file failed, 2 files have no accepted record, 4 rejected rows (--fail-on rejected)',
		);
		expect(judge(reportOf([failed]), 'all')?.reason).toBe('the only file failed (--fail-on all)');
		expect(judge(reportOf([empty]), 'never')?.reason).toMatch(/every file is empty or was skipped/);
	});
});
