// The audit log as admins read it, the newest line first.
import type {ChainHead} from '../../ledger/audit-chain.ts';
import type {ServerLedger} from '../../ledger/server-ledger.ts';
import {type AuditFacts, auditLine} from './audit-line.ts';

export interface ListedLine {
	readonly number: number;
	/** In hexadecimal digits. */
	readonly hash: string;
	/** As `audit-line.ts` has written it. */
	readonly record: Readonly<Record<string, unknown>>;
}

export class AuditLog {
	readonly #ledger: ServerLedger;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	/** Of what changes nothing in the ledger beside it. */
	async add(facts: AuditFacts): Promise<void> {
		await this.#ledger.commit(auditLine(facts));
	}

	/** @param before - Older than the line with this number; `null`: from the newest on. */
	list(before: number | null, limit: number): readonly ListedLine[] {
		return this.#ledger
			.all(
				'SELECT number, record, hash FROM audit WHERE number > 0 AND number < ? ORDER BY number DESC LIMIT ?',
				...[before ?? Number.MAX_SAFE_INTEGER, limit],
			)
			.map(({number, record, hash}) => ({
				number: Number(number),
				hash: Buffer.from(hash as Uint8Array).toString('hex'),
				record: JSON.parse(String(record)) as Readonly<Record<string, unknown>>,
			}));
	}

	head(): ChainHead {
		const row = this.#ledger.get('SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1');
		return {number: Number(row?.number), hash: Buffer.from(row?.hash as Uint8Array).toString('hex')};
	}
}
