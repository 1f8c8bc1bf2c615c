import {expect, test} from 'vitest';
import {parseArguments} from '../../source/cli/arguments/options.ts';
import {UsageError} from '../../source/cli/arguments/usage-error.ts';

const serve = (...words: string[]) =>
	parseArguments(['serve', ...words], {env: {}, packageJson: {name: 'fileproc-tui', version: '1.2.3'}});

test.each([
	'127.0.0.1',
	'127.8.9.1',
	'localhost',
	'[::1]',
	'[::ffff:127.0.0.1]',
])('a server without accounts listens on %s, which only this machine reaches', host => {
	expect(serve('--open', '--listen', `${host}:8000`)).toMatchObject({name: 'serve'});
});

test.each([
	'0.0.0.0',
	'[::]',
	'192.168.1.2',
	'127.example.com',
	'localhost.example.com',
	'[::ffff:10.0.0.1]',
])('a server without accounts does not listen on %s', host => {
	expect(() => serve('--open', '--listen', `${host}:8000`)).toThrow(UsageError);
	expect(() => serve('--open', '--listen', `${host}:8000`)).toThrow('listens on this machine only');
});
