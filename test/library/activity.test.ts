// The activity of users in tables, through the whole engine.
import {expect, test} from 'vitest';
import {type ActivityResult, type ProcessOptions, processBatch, processFile, type Report} from '../../source/index.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const activityOf = ({result}: {readonly result: unknown}): ActivityResult => result as ActivityResult;

test('records are counted by user, hour and weekday; a record without a time or a user counts, too', async () => {
	const path = createTemporaryFolder().write(
		'logins.csv',
		[
			'Created At;User ID;action',
			'2024-02-26T09:15:00Z;bob;login',
			'2024-03-02 09:59:59.250;"al\nice";login',
			'2024-02-28;bob;logout',
			';bob;',
			'yesterday;;login',
			'2024-02-26T24:00;Bob;login',
			'',
		].join('\r\n'),
	);
	const report = await processFile(path);
	expect(report).toMatchObject({status: 'completed', analysis: 'activity', rows: 6, rejected_rows: 0});
	expect(report.result).toEqual({
		lines: 8,
		records: 6,
		unique_users: {value: 3, exact: true},
		users: [
			{user: 'bob', records: 3, first: '2024-02-26T09:15:00', last: '2024-02-28'},
			{user: '', records: 1, first: null, last: null},
			{user: 'Bob', records: 1, first: '2024-02-26T24:00:00', last: '2024-02-26T24:00:00'},
			{user: 'al\nice', records: 1, first: '2024-03-02T09:59:59', last: '2024-03-02T09:59:59'},
		],
		time_range: {earliest: '2024-02-26T09:15:00', latest: '2024-03-02T09:59:59'},
		hours: Array.from({length: 24}, (_, hour) => (hour === 9 ? 2 : hour === 0 ? 1 : 0)),
		weekdays: [2, 0, 1, 0, 0, 1, 0],
		busiest_hour: {hour: 9, records: 2},
	});
});

const withoutTimes = ({files, analyses}: Report): unknown => ({
	analyses,
	files: files.map(({processing_time, ...file}) => file),
});

/** @param first - The number of the first record. */
function table(first: number, count: number, newline = '\n'): string {
	const two = (number: number): string => String(number).padStart(2, '0');
	const records = Array.from({length: count}, (_, index) => {
		const at = first + index;
		const user = at % 11 === 0 ? `"user, ${at % 7}${newline}"` : `user${at % 400}`;
		return `${user},2024-03-${two(1 + (at % 28))}T${two(at % 24)}:${two(at % 60)}:00Z,x${newline}`;
	});
	return `uid,ts,action${newline}${records.join('')}`;
}

test('small and large files give the same report with any threads and readers', async () => {
	const folder = createTemporaryFolder();
	for (let index = 0; index < 30; index++) folder.write(`small-${index}.csv`, table(100 * index, 20 + index));
	folder.write('large.csv', table(5, 20_000));
	folder.write('returns.csv', table(9, 3000, '\r\n').slice(0, -2));
	const run = (options: ProcessOptions): Promise<Report> => processBatch([folder.path], options);
	const one = await run({threads: 1});
	expect(one.totals).toMatchObject({completed: 32, failed: 0, rejected_rows: 0});
	expect(withoutTimes(await run({threads: 3, concurrency: 8}))).toEqual(withoutTimes(one));
	const large = one.files.find(({file}) => file.endsWith('large.csv'));
	expect(activityOf(large ?? {result: null})).toMatchObject({
		lines: table(5, 20_000).split('\n').length - 1,
		records: 20_000,
		unique_users: {value: 407, exact: true},
	});
	const returns = one.files.find(({file}) => file.endsWith('returns.csv'));
	expect(activityOf(returns ?? {result: null}).lines).toBe(table(9, 3000, '\r\n').split('\r\n').length - 1);
});

const access = (user: string, hour: number): string =>
	`10.0.0.${hour} - ${user} [01/Mar/2024:${hour}:00:00 +0100] "GET / HTTP/1.1" 200 17 "-" "x"\n`;

test('an access log whose first line has what is like the name of a column is a log', async () => {
	const folder = createTemporaryFolder();
	// Its lines have as many semicolons each, too.
	const line = access('ben', 11).replace('GET /', 'PUT /api/v2/users/1001').replace('"x"', '"M (a; b c d; e)"');
	const lines = line + access('anna', 10).replace('"x"', '"M (x; y; z)"').repeat(30);
	folder.write('access.log', lines);
	folder.write('access.txt', lines);
	const report = await processBatch([folder.path]);
	for (const file of report.files) expect(file).toMatchObject({status: 'completed', analysis: 'activity', rows: 31});
});

test('the lines of a log that have a user are records, and other texts are read as lines', async () => {
	const folder = createTemporaryFolder();
	folder.write('access.log', access('alice', 10) + access('-', 11) + access('bob', 12) + access('alice', 23));
	folder.write('clients.log', access('-', 10).repeat(2));
	folder.write('app.log', 'ts=2024-03-02T08:00:00Z user=bob in\nnothing\r\nts=2024-02-30T08:00:00Z user=eve in');
	folder.write('auth.log', 'Mar  1 10:00:05 host su: user=root\n'.repeat(3));
	folder.write('prose.txt', 'One line.\nAnd one more, by user=nobody.\nA third one.\n');
	const report = await processBatch([folder.path]);
	const of = (name: string) => report.files.find(({file}) => file.endsWith(name));
	expect(of('prose.txt')).toMatchObject({analysis: 'lines', rows: 3});
	expect(of('access.log')).toMatchObject({status: 'completed', analysis: 'activity', rows: 3, rejected_rows: 0});
	expect(activityOf(of('access.log') ?? {result: null})).toMatchObject({
		lines: 4,
		records: 3,
		users: [
			{user: 'alice', records: 2, first: '2024-03-01T10:00:00', last: '2024-03-01T23:00:00'},
			{user: 'bob', records: 1, first: '2024-03-01T12:00:00', last: '2024-03-01T12:00:00'},
		],
		weekdays: [0, 0, 0, 0, 3, 0, 0],
	});
	expect(activityOf(of('clients.log') ?? {result: null}).users).toMatchObject([{user: '10.0.0.10', records: 2}]);
	expect(activityOf(of('app.log') ?? {result: null})).toMatchObject({
		lines: 3,
		users: [
			{user: 'bob', records: 1, first: '2024-03-02T08:00:00', last: '2024-03-02T08:00:00'},
			{user: 'eve', records: 1, first: null, last: null},
		],
		busiest_hour: {hour: 8, records: 1},
	});
	expect(activityOf(of('auth.log') ?? {result: null})).toMatchObject({
		users: [{user: 'root', records: 3, first: null, last: null}],
		time_range: null,
		weekdays: [0, 0, 0, 0, 0, 0, 0],
		busiest_hour: {hour: 10, records: 3},
	});
	expect(report.analyses.activity).toMatchObject({lines: 12, records: 10, unique_users: {value: 5, exact: true}});
});

test('a pattern that is none is refused before anything is read', async () => {
	const path = createTemporaryFolder().write('a.log', 'x\n');
	await expect(processFile(path, {userPattern: 'user='})).rejects.toThrow(
		'userPattern cannot be used at character 6: expected a group',
	);
});

test('who the user is can be asked for', async () => {
	const folder = createTemporaryFolder();
	const log = folder.write('access.log', access('alice', 10) + access('-', 11));
	expect(activityOf(await processFile(log, {user: 'client'})).unique_users.value).toBe(2);
	const own = folder.write(
		'own.log',
		'2024-03-01T10:00:00Z by <bob>, uid\nnothing, uid\n2024-03-01T11:00:00Z by <al>\n',
	);
	expect(activityOf(await processFile(own, {userPattern: '<([a-z]+)>'}))).toMatchObject({
		lines: 3,
		users: [
			{user: 'al', records: 1, first: '2024-03-01T11:00:00'},
			{user: 'bob', records: 1, first: '2024-03-01T10:00:00'},
		],
	});
});
