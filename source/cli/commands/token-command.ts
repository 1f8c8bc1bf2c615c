// `fileproc-tui token`: tokens of programs, for who has the folder of a server.
import type {ApiToken} from '../../server/api-tokens.ts';
import {describeToken} from '../../server/api-tokens.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {safe} from '../../text/safe.ts';
import type {TokenCommand} from '../arguments/read-account-words.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {type AccountParts, withAccounts} from './accounts/open-accounts.ts';
import {minuteOf, tableLines} from './accounts/table-lines.ts';

export async function tokenCommand({dataFolder, metadata, isJson, action}: TokenCommand): Promise<number> {
	const stream = createOutputStream(process.stdout);
	const code = await withAccounts({dataFolder, metadata}, false, async parts => {
		const text = await perform(action, parts, isJson);
		await stream.write(text);
	});
	await stream.flush();
	return code;
}

/** @returns What is written to standard output. */
async function perform(
	action: TokenCommand['action'],
	{users, apiTokens}: AccountParts,
	isJson: boolean,
): Promise<string> {
	if (action.type === 'create') {
		const {label: name, scopes, lifetimeMs} = action;
		const made = await apiTokens.create(users.findByName(action.user), {name, scopes, lifetimeMs}, null);
		if (isJson) return `${layOutSafely({...shown(made), token: made.secret}, '')}\n`;
		const end = made.expiresAt === null ? 'does not expire' : `expires ${minuteOf(made.expiresAt)} UTC`;
		process.stderr.write(
			`fileproc-tui: ${safe(`The token ${made.id} of ${made.user} ${end}. It is shown this once:`)}\n`,
		);
		return `${made.secret}\n`;
	}
	if (action.type === 'revoke') {
		await apiTokens.remove(null, action.id);
		if (isJson) return '{}\n';
		process.stderr.write(`fileproc-tui: The token ${safe(action.id)} is of no use any more.\n`);
		return '';
	}
	const tokens = apiTokens.list(action.user === null ? null : users.findByName(action.user).id);
	return isJson ? `${layOutSafely({tokens: tokens.map(shown)}, '')}\n` : `${linesOf(tokens).join('\n')}\n`;
}

const shown = (token: ApiToken) => ({user: token.user, ...describeToken(token)});

const linesOf = (tokens: readonly ApiToken[]): string[] =>
	tableLines(
		['ID', 'USER', 'LABEL', 'SCOPES', 'EXPIRES', 'LAST USED', 'FROM'],
		tokens.map(({id, user, name, scopes, expiresAt, usedAt, usedFrom}) => [
			...[id, user, name, scopes.join(','), minuteOf(expiresAt), minuteOf(usedAt), usedFrom ?? '-'],
		]),
	);
