// `fileproc-tui users`: the accounts of a server, for who has its folder.
import {describeListed, type ListedUser, type Users} from '../../server/users.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {safe} from '../../text/safe.ts';
import type {UsersCommand} from '../arguments/read-account-words.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {type AccountParts, withAccounts} from './accounts/open-accounts.ts';
import {readPassword} from './accounts/read-password.ts';
import {minuteOf, tableLines} from './accounts/table-lines.ts';

export async function usersCommand({
	dataFolder,
	metadata,
	breachedPasswordsFile,
	isJson,
	action,
}: UsersCommand): Promise<number> {
	const stream = createOutputStream(process.stdout);
	const code = await withAccounts({dataFolder, metadata, breachedPasswordsFile}, action.type === 'add', async parts => {
		const text = await perform(action, parts, isJson);
		await stream.write(text);
	});
	await stream.flush();
	return code;
}

/** @returns What is written to standard output. */
async function perform(
	action: UsersCommand['action'],
	{users, accounts, secondFactors}: AccountParts,
	isJson: boolean,
): Promise<string> {
	if (action.type === 'list') {
		const all = Array.from(allOf(users));
		return isJson ? `${layOutSafely({users: all.map(describeListed)}, '')}\n` : `${linesOf(all).join('\n')}\n`;
	}
	const answer = (user: ListedUser, sentence: string, password: string | null = null): string => {
		if (isJson) {
			const shown = {user: describeListed(user), ...(password !== null && {password})};
			return `${layOutSafely(shown, '')}\n`;
		}
		process.stderr.write(`fileproc-tui: ${safe(sentence)}\n`);
		return password === null ? '' : `${password}\n`;
	};
	if (action.type === 'add') {
		if (!accounts.hasAny && action.role !== 'admin')
			throw new UsageError(
				`The first account is an admin, who looks after the others: fileproc-tui users add ${action.user} --role admin.`,
			);
		const {user, made} = await accounts.add(
			action.user,
			action.role,
			action.readsPassword ? await readPassword() : null,
		);
		const sentence = `${user.name} has an account, with the role ${user.role}.`;
		return answer(users.find(user.id), made === null ? sentence : `${sentence} ${HOW_TO_LOG_IN}`, made);
	}
	const {id, name} = users.findByName(action.user);
	if (action.type === 'reset') {
		const password = await users.resetPassword(id);
		return answer(
			users.find(id),
			`${name} is logged out everywhere, and has no tokens any more. ${HOW_TO_LOG_IN}`,
			password,
		);
	}
	if (action.type === 'reset-2fa') {
		await secondFactors.reset(id);
		return answer(users.find(id), `${name} is logged out everywhere, and logs in without a second factor.`);
	}
	if (action.type === 'role')
		return answer(await users.change(id, {role: action.role}), `${name} has the role ${action.role}.`);
	const isDisabled = action.type === 'disable';
	return answer(
		await users.change(id, {isDisabled}),
		`${name} ${isDisabled ? 'cannot log in any more' : 'can log in'}.`,
	);
}

const HOW_TO_LOG_IN = 'The first login is with this password, which then has to be changed:';

const PAGE = 1000;

function* allOf(users: Users): Generator<ListedUser> {
	let after = '';
	for (;;) {
		const page = users.list(after, PAGE);
		yield* page;
		if (page.length < PAGE) return;
		after = page.at(-1)?.name ?? '';
	}
}

const linesOf = (all: readonly ListedUser[]): string[] =>
	tableLines(
		['NAME', 'ROLE', 'STATE', 'CREATED', 'LAST USED'],
		all.map(({name, role, isDisabled, mustChangePassword, createdAt, usedAt}) => {
			const state = isDisabled ? 'disabled' : mustChangePassword ? 'new password' : 'active';
			return [name, role, state, minuteOf(createdAt), minuteOf(usedAt)];
		}),
	);
