// Refusals in the audit log: failed logins, and what somebody may not do. Nothing is done with them, so they are written in the background; what is refused
// again and again is one line with a number, so that nobody fills the disk by asking.
import type {ServerLedger} from '../../ledger/server-ledger.ts';
import {placeOf} from '../place-of.ts';
import type {ProblemCode} from '../problem-catalog.ts';
import {type Actor, type AuditFacts, changeOf} from './audit-line.ts';

/** Those that say something of who asks; others are mistakes. */
const OF_ACCESS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
	...([
		'UNAUTHORIZED',
		'LOGIN_FAILED',
		'TOO_MANY_LOGINS',
		'SECOND_FACTOR_NEEDED',
		'WRONG_CODE',
		'WRONG_PASSWORD',
	] as const),
	...(['FORBIDDEN', 'SCOPE_NEEDED', 'PASSWORD_CHANGE_NEEDED', 'SECOND_FACTOR_ENROLMENT_NEEDED'] as const),
	...(['FOREIGN_ORIGIN', 'REGISTRATION_CLOSED', 'LAST_ADMIN', 'SECOND_FACTOR_REQUIRED'] as const),
]);

export const isOfAccess = (code: ProblemCode): boolean => OF_ACCESS.has(code);

/** Lines at a time: what else is refused meanwhile is one more, without a name. */
const MAX_LINES = 50;

interface Refusal {
	readonly actor: Actor;
	readonly facts: AuditFacts;
	readonly code: ProblemCode;
	times: number;
}

export class Refusals {
	readonly #ledger: ServerLedger;
	readonly #waiting = new Map<string, Refusal>();

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	add(actor: Actor, facts: AuditFacts, code: ProblemCode): void {
		const {account, by, token, from} = actor;
		const key = JSON.stringify([account, by, token, placeOf(from ?? ''), facts.action, facts.subject, code]);
		const known = this.#waiting.get(key);
		if (known !== undefined) known.times++;
		else if (this.#waiting.size < MAX_LINES) this.#waiting.set(key, {actor, facts, code, times: 1});
		else this.#addToOthers(facts, code);
	}

	/** @throws {CommitError} When they cannot be written: they are tried again with the next ones. */
	async write(): Promise<void> {
		const refusals = Array.from(this.#waiting);
		if (refusals.length === 0) return;
		this.#waiting.clear();
		try {
			await this.#ledger.commit(
				...refusals.map(([, {actor, facts, code, times}]) => changeOf(actor, facts, {outcome: 'refused', code, times})),
			);
		} catch (error) {
			for (const [key, refusal] of refusals) {
				const since = this.#waiting.get(key);
				this.#waiting.set(key, {...refusal, times: refusal.times + (since?.times ?? 0)});
			}
			throw error;
		}
	}

	#addToOthers({action}: AuditFacts, code: ProblemCode): void {
		const others = this.#waiting.get('others');
		if (others !== undefined) others.times++;
		else {
			const actor: Actor = {account: null, by: 'nobody', token: null, from: null, request: null};
			this.#waiting.set('others', {actor, facts: {action, subject: null, details: {others: true}}, code, times: 1});
		}
	}
}
