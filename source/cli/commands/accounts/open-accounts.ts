// The accounts of a server, from the machine itself. The server may run meanwhile: a transaction takes milliseconds, and it asks the ledger who
// may do what at each request.
import {existsSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {version} from '../../../engine/version.ts';
import {LedgerError} from '../../../ledger/ledger-error.ts';
import {ServerLedger} from '../../../ledger/server-ledger.ts';
import {makeFolders} from '../../../report/make-folders.ts';
import {removeAtExit} from '../../../report/temporary-files.ts';
import {Accounts} from '../../../server/accounts.ts';
import {ApiTokens} from '../../../server/api-tokens.ts';
import {type Actor, actAs} from '../../../server/audit/audit-line.ts';
import {assertBreachedList, BreachedListError} from '../../../server/breached-passwords.ts';
import {Invitations} from '../../../server/invitations.ts';
import {Passwords} from '../../../server/passwords.ts';
import {Problem} from '../../../server/problem.ts';
import {SecondFactors} from '../../../server/second-factors.ts';
import {ServeError} from '../../../server/serve-error.ts';
import {Tokens} from '../../../server/tokens.ts';
import {Users} from '../../../server/users.ts';
import {safe} from '../../../text/safe.ts';
import {messageOf} from '../../../text/system-error.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import type {AccountPlace} from '../../arguments/read-account-words.ts';
import type {MetadataFlags} from '../../arguments/read-sharing-flags.ts';
import {UsageError} from '../../arguments/usage-error.ts';
import {exitProcessNow} from '../../process/exit.ts';
import {listenForInterruption} from '../../process/interruption.ts';
import {exitCodes} from '../exit-codes.ts';
import {readMetadataAddress} from '../serve/open-sharing.ts';

export interface AccountParts {
	readonly accounts: Accounts;
	readonly users: Users;
	readonly secondFactors: SecondFactors;
	readonly apiTokens: ApiTokens;
}

/** As the audit log has it. */
const COMMAND: Actor = {account: null, by: 'command', token: null, from: `uid ${process.getuid?.()}`, request: null};

/** Nobody logs in here. */
const NO_SESSIONS = {sessionIdleMs: 0, sessionTtlMs: 0, secondFactorRole: 'admin'} as const;
/** The server ends its streams by itself. */
const NO_STREAMS = {endInvalid() {}};

/** @throws {EnvironmentError} */
function assertUsable(breachedPasswordsFile: string): void {
	try {
		assertBreachedList(breachedPasswordsFile);
	} catch (error) {
		throw error instanceof ServeError ? new EnvironmentError(error.message) : error;
	}
}

/**
@param isNew - Whether the folder may be made: before a server is first started there is none.
@returns The exit code.
*/
export async function withAccounts(
	{dataFolder, metadata, breachedPasswordsFile = null}: AccountPlace & {readonly breachedPasswordsFile?: string | null},
	isNew: boolean,
	perform: (parts: AccountParts) => Promise<void>,
): Promise<number> {
	if (breachedPasswordsFile !== null) assertUsable(breachedPasswordsFile);
	const {ledger, close} = metadata === null ? await openOwn(dataFolder, isNew) : await openShared(metadata);
	const passwords = new Passwords(breachedPasswordsFile);
	try {
		const tokens = new Tokens(ledger, NO_SESSIONS, NO_STREAMS);
		const secondFactors = new SecondFactors(ledger, tokens, NO_SESSIONS.secondFactorRole);
		await actAs(COMMAND, () =>
			perform({
				secondFactors,
				accounts: new Accounts({ledger, passwords, tokens, invitations: new Invitations(ledger), secondFactors}),
				users: new Users(ledger, passwords, tokens),
				apiTokens: new ApiTokens(ledger),
			}),
		);
		return exitCodes.ok;
	} catch (error) {
		if (error instanceof LedgerError || error instanceof BreachedListError) throw new EnvironmentError(error.message);
		if (!(error instanceof Problem)) throw error;
		if (error.code !== 'NOT_FOUND') throw new UsageError(error.message);
		process.stderr.write(
			`fileproc-tui: ${safe(error.message)} fileproc-tui users list and token list show those that there are.\n`,
		);
		return exitCodes.nothingMatched;
	} finally {
		await passwords.close();
		await close();
	}
}

interface OpenLedger {
	readonly ledger: ServerLedger;
	readonly close: () => Promise<void>;
}

/** @throws {EnvironmentError} */
async function openOwn(dataFolder: string, isNew: boolean): Promise<OpenLedger> {
	const folder = resolve(dataFolder);
	const path = join(folder, 'ledger.db');
	if (!isNew && !existsSync(path))
		throw new EnvironmentError(`${safe(folder)} is not the folder of a server: name that one by --data.`);
	await makeFolders(folder, 0o700).catch((error: unknown) => {
		throw new EnvironmentError(`${safe(folder)} cannot be used as --data: ${messageOf(error)}.`);
	});
	const ledger = await withoutLedgerError(ServerLedger.open(path));
	return {ledger, close: () => ledger.close()};
}

/** What several servers share, by a copy that is there for this one command. @throws {EnvironmentError} */
async function openShared(metadata: MetadataFlags): Promise<OpenLedger> {
	const address = await readMetadataAddress(metadata);
	const interruption = listenForInterruption();
	interruption.signal.addEventListener('abort', () => exitProcessNow(interruption.exitCode() ?? exitCodes.bug));
	// What passwords are kept as is in it, so it does not stay when the command is ended.
	const folder = await mkdtemp(join(tmpdir(), 'fileproc-accounts-'));
	const keep = removeAtExit(folder);
	const remove = async (): Promise<void> => {
		await rm(folder, {recursive: true, force: true});
		keep();
		interruption.dispose();
	};
	const onSaid = (sentence: string): boolean => process.stderr.write(`fileproc-tui: ${safe(sentence)}\n`);
	try {
		const opening = ServerLedger.open(join(folder, 'ledger.db'), {address, version, onSaid});
		const ledger = await withoutLedgerError(opening);
		return {ledger, close: () => ledger.close().finally(remove)};
	} catch (error) {
		await remove();
		throw error;
	}
}

const withoutLedgerError = (opening: Promise<ServerLedger>): Promise<ServerLedger> =>
	opening.catch((error: unknown) => {
		throw error instanceof LedgerError ? new EnvironmentError(error.message) : error;
	});
