import {expect, test} from 'vitest';
import {parseArguments} from '../../source/cli/arguments/options.ts';
import {UsageError} from '../../source/cli/arguments/usage-error.ts';

const parse = (...words: string[]) =>
	parseArguments(words, {env: {}, packageJson: {name: 'fileproc-tui', version: '1.2.3'}});

test.each([
	[['users', 'add', 'ann'], {type: 'add', user: 'ann', role: 'user', readsPassword: false}],
	[['users', 'role', 'ann', 'admin'], {type: 'role', user: 'ann', role: 'admin'}],
	[['users', 'list'], {type: 'list'}],
	[
		['token', 'create', 'x', '--account', 'ann', '--scopes', 'upload,read', '--expires', '0'],
		{type: 'create', label: 'x', user: 'ann', scopes: ['read', 'upload'], lifetimeMs: null},
	],
	[['token', 'revoke', 't_1'], {type: 'revoke', id: 't_1'}],
])('%j is understood', (words, action) => {
	expect(parse(...words)).toMatchObject({action, dataFolder: './fileproc-data', isJson: false});
});

test.each([
	[['users']],
	[['users', 'add']],
	[['users', 'add', 'ann', 'ben']],
	[['users', 'role', 'ann', 'king']],
	[['users', 'list', 'ann']],
	[['token', 'create', 'x']],
	[['token', 'create', 'x', '--account', 'ann', '--scopes', 'all']],
	[['token', 'revoke']],
])('%j is refused', words => {
	expect(() => parse(...words)).toThrow(UsageError);
});
