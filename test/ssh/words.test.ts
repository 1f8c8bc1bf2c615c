import fc from 'fast-check';
import {expect, test} from 'vitest';
import {readSshWords} from '../../source/cli/commands/serve/ssh-words.ts';
import {splitWords} from '../../source/ssh/split-words.ts';

test('words are taken apart as a shell does', () => {
	expect(splitWords(`history "status: failed" it\\'s 'a "b' ""`)).toEqual([
		'history',
		'status: failed',
		"it's",
		'a "b',
		'',
	]);
	expect(splitWords('a "b')).toBe(null);
	const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
	fc.assert(
		fc.property(fc.array(fc.string()), words => {
			expect(splitWords(words.map(quote).join(' '))).toEqual(words);
		}),
	);
});

test('commands are those that touch no file of the server', () => {
	expect(readSshWords('status --json')).toEqual({type: 'status', isJson: true});
	expect(readSshWords('history status:failed --limit 3 --json')).toEqual({
		...{type: 'command', command: 'history'},
		words: ['status:failed', '--limit', '3', '--json'],
	});
	expect(readSshWords('run - --json')).toEqual({type: 'run-input', words: ['--json']});
	expect(readSshWords('run - --task sales')).toEqual({type: 'run-input', words: ['--task', 'sales']});
	expect(readSshWords('get r_1 --rejects')).toEqual({
		...{type: 'command', command: 'get'},
		words: ['r_1', '--rejects=-'],
	});
	expect(readSshWords('run --json s3://bucket/in/a.csv')).toEqual({
		...{type: 'run-object', words: ['--json']},
		object: {kind: 's3', bucket: 'bucket', key: 'in/a.csv', version: null, size: null},
	});
	for (const command of [
		'retry --q status:failed --yes',
		'cancel --dry-run --q size>1GB',
		'run f_1 --dry-run',
		'pause r_1 --json',
		'resume r_1 r_2',
	]) {
		const [name, ...words] = command.split(' ');
		expect(readSshWords(command)).toEqual({type: 'command', command: name, words});
	}
	expect(readSshWords('')).toEqual({type: 'help'});
	for (const text of [
		...['sh', 'rm -rf /', 'push /etc/passwd', 'scp -t /', 'constructor', '__proto__', 'status x', 'history "'],
		...[
			'get r_1 -o /etc/passwd',
			'get r_1 --token-file /etc/passwd',
			'history --ca-file=/etc/passwd',
			'get --json=/x r_1',
		],
		...['run - /etc/passwd', 'run /etc/passwd -', 'run - --task sales f_1', 'get r_1 --rejects /tmp/x', 'get r_1 r_2'],
		...[
			'run s3://bucket/in/',
			'run s3://bucket/*.csv',
			'run s3://bucket',
			'run s3://b/a.csv s3://b/b.csv',
			'run s3://b/a.csv -',
			...['run s3://b/a.csv --dry-run', 'run - --dry-run'],
		],
		...['run https://10.0.0.1/a.csv', 'run file:///etc/passwd', 'run f_1 s3://b/a.csv'],
		...['run f_1 --report x.json', 'events --log-file x', 'files -- --token-file x'],
	])
		expect(readSshWords(text).type, text).toBe('refused');
});
