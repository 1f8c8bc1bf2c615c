// Where a file lay in the folder that was sent is kept as a label, and is never a path.
import {expect, test} from 'vitest';
import {relativePathOf} from '../../source/server/incoming-names.ts';
import {formOf, GOOD_FILE, startTestServer} from '../helpers/server.ts';

test.each([
	[undefined, null],
	['', null],
	['a.csv', null],
	['./a.csv', null],
	['../../etc/passwd', 'etc/passwd'],
	['2024\\may/a.csv', '2024/may/a.csv'],
	['/x//y/a.csv', 'x/y/a.csv'],
	[`${'d/'.repeat(31)}a.csv`, `${'d/'.repeat(31)}a.csv`],
	[`${'é'.repeat(200)}/a.csv`, `${'é'.repeat(127)}/a.csv`],
])('of %j it is %j', (given, label) => expect(relativePathOf(given)).toBe(label));

test('uploads of folders say where each file lay', async () => {
	const server = await startTestServer({isOpen: true});
	const {json} = await server.ask('POST', '/upload', {
		body: formOf(['may/week 1/a.csv', GOOD_FILE], ['b.csv', GOOD_FILE]),
	});
	expect(json.files).toMatchObject([
		{name: 'a.csv', relative_path: 'may/week 1/a.csv'},
		{name: 'b.csv', relative_path: null},
	]);
	const metadata = (path: string): string =>
		`filename ${Buffer.from('c.csv').toString('base64')},relativePath ${Buffer.from(path).toString('base64')}`;
	const send = (path: string) =>
		server.ask('POST', '/api/v1/uploads', {
			headers: {
				...{'tus-resumable': '1.0.0', 'upload-length': '2', 'upload-metadata': metadata(path)},
				'content-type': 'application/offset+octet-stream',
			},
			body: 'a\n',
		});
	const sent = await send('../june/c.csv');
	const {json: file} = await server.ask('GET', `/api/v1/files/${sent.headers.get('upload-file-id')}`);
	expect(file).toMatchObject({name: 'c.csv', relative_path: 'june/c.csv'});
	expect(await send(`${'d/'.repeat(40)}c.csv`)).toMatchObject({status: 400, json: {code: 'BAD_NAME_OF_FILE'}});
	expect(
		(await server.ask('GET', '/files')).json.files.map((each: {relative_path: string | null}) => each.relative_path),
	).toEqual(['may/week 1/a.csv', null, 'june/c.csv']);
});

test('a body of another type is told which one there should be', async () => {
	const server = await startTestServer({isOpen: true});
	const refused = async (method: string, path: string) => {
		const {status, json} = await server.ask(method, path, {body: 'x', headers: {'content-type': 'text/csv'}});
		return [status, json.code, json.detail];
	};
	expect(await refused('POST', '/api/run')).toEqual([
		...[415, 'CONTENT_TYPE', 'Expected Content-Type: application/json, but got the type "text/csv".'],
	]);
	expect(await refused('DELETE', '/api/run/r_x')).toEqual([
		...[415, 'CONTENT_TYPE', 'Expected no body, but got the type "text/csv".'],
	]);
});
