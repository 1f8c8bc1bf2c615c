// The second thing that proves who somebody is: a code of an app, or one of ten recovery codes for when the app is lost.
import {randomBytes} from 'node:crypto';
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {CommitError} from '../ledger/start-commit-thread.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import {createPassword, hashSecret} from './ids.ts';
import {CODE_PATIENCE, LoginDelays} from './login-delays.ts';
import {type Problem, problem} from './problem.ts';
import {mayCall, type Role} from './roles.ts';
import type {Tokens} from './tokens.ts';
import {stepOfCode, toBase32, totpUri} from './totp.ts';

export interface SecondFactorState {
	/** `null`: there is none, or it has not been confirmed by a code. */
	readonly confirmedAt: number | null;
	readonly recoveryCodesLeft: number;
	/** Whether the role may do nothing without one. */
	readonly isRequired: boolean;
}

export interface NewSecondFactor {
	/** In base32, to be typed into an app. */
	readonly secret: string;
	/** The same as `otpauth://…`, to be shown as a picture. */
	readonly uri: string;
}

/** As RFC 4226 recommends. */
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;

const wrongCode = ({id: about}: Pick<User, 'id'>): Problem =>
	problem('WRONG_CODE', 'The code is wrong, has been used, or is no longer shown by the app: send the next one.', {
		about,
	});

const alreadyThere = (): Problem =>
	problem('SECOND_FACTOR_EXISTS', 'The account has a second factor: disable it first, or go on with it.');

export class SecondFactors {
	readonly #ledger: ServerLedger;
	readonly #tokens: Pick<Tokens, 'endStreams'>;
	readonly #leastRole: Role;
	readonly #delays = new LoginDelays(CODE_PATIENCE);

	/** @param leastRole - From it on, roles may do nothing without a second factor. */
	constructor(ledger: ServerLedger, tokens: Pick<Tokens, 'endStreams'>, leastRole: Role) {
		this.#ledger = ledger;
		this.#tokens = tokens;
		this.#leastRole = leastRole;
	}

	stateOf({id, role}: User): SecondFactorState {
		const row = this.#ledger.get(
			`SELECT (SELECT confirmed_at FROM second_factors WHERE account = ?1) AS confirmed_at,
				(SELECT count(*) FROM recovery_codes WHERE account = ?1) AS codes`,
			id,
		);
		const confirmedAt = row?.confirmed_at ?? null;
		return {
			confirmedAt: confirmedAt === null ? null : Number(confirmedAt),
			recoveryCodesLeft: Number(row?.codes),
			isRequired: mayCall(role, this.#leastRole),
		};
	}

	/**
	Makes a secret, which counts when a code of it has been sent.

	@throws {Problem} Where there is one that counts.
	*/
	async begin({id, name}: User): Promise<NewSecondFactor> {
		const secret = randomBytes(SECRET_BYTES);
		const line = auditLine({action: 'add-second-factor', subject: id, details: {is_confirmed: false}});
		await this.#commit(alreadyThere, line, {statement: 'beginSecondFactor', values: [id, secret, Date.now()], rows: 1});
		return {secret: toBase32(secret), uri: totpUri(secret, name)};
	}

	/**
	Ends all other logins of the account, which have been without it.

	@param token - What the login that goes on hashes to.
	@returns Recovery codes, which are not kept.
	@throws {Problem} Where the code is wrong, or nothing was begun.
	*/
	async confirm(
		user: User,
		code: string,
		{token, address}: {readonly token: Buffer; readonly address: string},
	): Promise<readonly string[]> {
		const row = this.#ledger.get('SELECT secret, confirmed_at FROM second_factors WHERE account = ?', user.id);
		if (row === undefined) throw problem('NO_SECOND_FACTOR', 'Begin with POST /api/v1/auth/second-factor.');
		if (row.confirmed_at !== null) throw alreadyThere();
		const step = await this.#guard(user, address, () => stepOfCode(row.secret as Uint8Array, code, Date.now(), -1));
		const {codes, changes} = newRecoveryCodes(user.id);
		await this.#commit(
			() => wrongCode(user),
			{statement: 'confirmSecondFactor', values: [Date.now(), step, user.id, row.secret as Uint8Array], rows: 1},
			...changes,
			{statement: 'removeOtherSessions', values: [user.id, token]},
			auditLine({action: 'add-second-factor', subject: user.id, details: {is_confirmed: true}}),
		);
		this.#tokens.endStreams();
		return codes;
	}

	/**
	@param code - Of the app, or a recovery code; left out: none was sent.
	@returns What is to be written together with what the code is for, so that it is of use once; nothing where the account has no second factor.
	@throws {Problem} Where a code is needed, or this one is wrong.
	*/
	async use(user: User, code: string | undefined, address: string): Promise<readonly ServerChange[]> {
		const row = this.#ledger.get(
			'SELECT secret, used_step FROM second_factors WHERE account = ? AND confirmed_at IS NOT NULL',
			user.id,
		);
		if (row === undefined) return [];
		if (code === undefined)
			throw problem(
				'SECOND_FACTOR_NEEDED',
				'Send the same once more, with the code of the app or a recovery code as code.',
				{
					more: {methods: ['totp', 'recovery-code']},
					about: user.id,
				},
			);
		return [
			await this.#guard(user, address, () => {
				const step = stepOfCode(row.secret as Uint8Array, code, Date.now(), Number(row.used_step));
				if (step !== null) return {statement: 'useTotpStep', values: [step, user.id], rows: 1} as const;
				const hash = hashSecret(code.trim().toLowerCase());
				const isKnown = this.#ledger.get(
					'SELECT 1 AS found FROM recovery_codes WHERE hash = ? AND account = ?',
					hash,
					user.id,
				);
				return isKnown === undefined
					? null
					: ({statement: 'useRecoveryCode', values: [hash, user.id], rows: 1} as const);
			}),
		];
	}

	/** @throws {Problem} Where there is none, or the code is wrong. */
	async renewRecoveryCodes(user: User, code: string, address: string): Promise<readonly string[]> {
		const uses = await this.#requireCode(user, code, address);
		const {codes, changes} = newRecoveryCodes(user.id);
		const line = auditLine({action: 'renew-recovery-codes', subject: user.id});
		await this.#commit(() => wrongCode(user), ...uses, ...changes, line);
		return codes;
	}

	/** @throws {Problem} Where there is none, the role must have one, or the code is wrong. */
	async disable(user: User, code: string, address: string): Promise<void> {
		if (this.stateOf(user).isRequired)
			throw problem(
				'SECOND_FACTOR_REQUIRED',
				`The role ${user.role} may do nothing without a second factor: ask an admin to reset it.`,
			);
		const uses = await this.#requireCode(user, code, address);
		const line = auditLine({action: 'disable-second-factor', subject: user.id});
		await this.#commit(() => wrongCode(user), ...uses, ...removalOf(user.id), line);
	}

	/**
	By an admin: the account logs in without one, once its logins have ended.

	@throws {Problem} Where it has none.
	*/
	async reset(account: string): Promise<void> {
		const {confirmedAt} = this.stateOf({id: account, name: '', role: 'viewer'});
		if (confirmedAt === null) throw problem('NO_SECOND_FACTOR', 'The account has no second factor.');
		await this.#ledger.commit(
			...removalOf(account),
			{statement: 'removeSessions', values: [account]},
			auditLine({action: 'reset-second-factor', subject: account}),
		);
		this.#tokens.endStreams();
	}

	async #requireCode(user: User, code: string, address: string): Promise<readonly ServerChange[]> {
		const uses = await this.use(user, code, address);
		if (uses.length === 0) throw problem('NO_SECOND_FACTOR', 'The account has no second factor.');
		return uses;
	}

	/** @throws {Problem} Where nothing is found, or too many have been wrong. */
	async #guard<Found>(user: User, address: string, find: () => Found | null): Promise<Found> {
		let found: Found | null = null;
		await this.#delays.guard(user.id, address, async () => {
			found = find();
			return found !== null;
		});
		if (found === null) throw wrongCode(user);
		return found;
	}

	async #commit(conflict: () => Problem, ...changes: readonly ServerChange[]): Promise<void> {
		try {
			await this.#ledger.commit(...changes);
		} catch (error) {
			throw error instanceof CommitError && error.isConflict ? conflict() : error;
		}
	}
}

const removalOf = (account: string): readonly ServerChange[] => [
	{statement: 'removeSecondFactor', values: [account], rows: 1},
	{statement: 'removeRecoveryCodes', values: [account]},
];

/** In place of those from before. They have as many random bits as passwords that are made, so a fast hash is enough. */
function newRecoveryCodes(account: string): {
	readonly codes: readonly string[];
	readonly changes: readonly ServerChange[];
} {
	const codes = Array.from({length: RECOVERY_CODES}, createPassword);
	return {
		codes,
		changes: [
			{statement: 'removeRecoveryCodes', values: [account]},
			...codes.map(code => ({statement: 'addRecoveryCode', values: [hashSecret(code), account]}) as const),
		],
	};
}
