// What the routes of results answer with.
import type {RouteAnswers} from './answers.ts';
import {boolean, integer, list, nullable, object, open, page, string, time} from './shapes.ts';

export const corrected = {
	corrections: list(
		object({
			...{file_id: string, name: string, task_execution_id: nullable(string)},
			...{rows: nullable(integer), rejected_rows: nullable(integer)},
		}),
	),
	with_corrections: nullable(object({rows: integer, rejected_rows: integer})),
};
export const usedMapping = object({name: string, version: integer, is_automatic: boolean});
const result = object({
	...{task_execution_id: string, file_id: string, file: string, task_id: string, expires_at: nullable(time)},
	...{completed_at: time, rejected_rows: integer},
	links: object({self: string}),
});

export const RESULT_ANSWERS = {
	'GET /results': {summary: 'One’s results', answers: {200: page('results', result)}},
	'POST /results/combined': {
		summary: 'What several tasks came to together',
		answers: {
			200: object({
				...{files: integer, bytes: integer, rows: integer, rejected_rows: integer},
				...{analyses: open({}), task_execution_ids: list(string)},
			}),
		},
	},
	'GET /results/:name': {
		summary: 'A result; with .csv or .parquet behind the id, or where text/csv is accepted, a table of it',
		answers: {
			200: open({
				...{task_execution_id: string, file_id: string, task_id: string, expires_at: nullable(time)},
				...{mapping: nullable(usedMapping), ...corrected, links: open({})},
			}),
			206: 'application/octet-stream',
			304: null,
		},
	},
	'GET /results/:id/tables': {
		summary: 'The tables of a result, and how what it has is shown to people',
		answers: {
			200: object({
				tables: list(
					object({
						...{name: string, columns: list({}), rows: integer, is_complete: boolean},
						links: object({csv: string, parquet: string}),
					}),
				),
				views: list(object({name: string, title: string, views: list(open({}))})),
			}),
		},
	},
	'GET /files/:id/result': {
		summary: 'The newest result of a file; a table of it where text/csv is accepted',
		answers: {200: open({}), 206: 'application/octet-stream', 304: null},
	},
	'GET /files/:id/result.:ending': {
		summary: 'The same as a file: json, csv or parquet',
		answers: {200: open({}), 206: 'application/octet-stream', 304: null},
	},
	'GET /files/:id/rejects.csv': {
		summary: 'All rejected records of the newest result of a file',
		answers: {200: 'text/csv', 206: 'text/csv', 304: null},
	},
	'GET /results/:id/rejects.csv': {
		summary: 'All rejected records of a result',
		answers: {200: 'text/csv', 206: 'text/csv', 304: null},
	},
} as const satisfies Readonly<Record<string, RouteAnswers>>;
