// Invitations to make an account of a role: each is of use once, and for a time.
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import {auditLine} from './audit/audit-line.ts';
import {createId, createSecret, hashSecret} from './ids.ts';
import {notFound} from './problem.ts';
import type {Role} from './roles.ts';

export interface Invitation {
	readonly id: string;
	readonly role: Role;
	/** The id of the account of who invites. */
	readonly createdBy: string;
	readonly createdAt: number;
	readonly expiresAt: number;
}

export class Invitations {
	readonly #ledger: ServerLedger;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	/** @returns The secret, too, which is not kept. */
	async create(createdBy: string, role: Role, lifetimeMs: number): Promise<Invitation & {readonly secret: string}> {
		const [id, secret, createdAt] = [createId('i'), createSecret('fpi_'), Date.now()];
		const expiresAt = createdAt + lifetimeMs;
		await this.#ledger.commit(
			{statement: 'addInvitation', values: [hashSecret(secret), id, role, createdBy, createdAt, expiresAt]},
			auditLine({action: 'invite', subject: id, details: {role}}),
		);
		return {id, role, createdBy, createdAt, expiresAt, secret};
	}

	/** `null`: there is no such invitation, or not any more. */
	roleOf(secret: string): Role | null {
		const row = this.#ledger.get(
			'SELECT role FROM invitations WHERE hash = ? AND expires_at > ?',
			...[hashSecret(secret), Date.now()],
		);
		return row === undefined ? null : (row.role as Role);
	}

	/** To be written with the account that it makes: of two that use it at once, one gets it. */
	use = (secret: string): ServerChange => ({
		statement: 'useInvitation',
		values: [hashSecret(secret), Date.now()],
		rows: 1,
	});

	/** The newest one first. */
	list(): readonly Invitation[] {
		const rows = this.#ledger.all(
			`SELECT id, role, created_by, created_at, expires_at FROM invitations WHERE expires_at > ?
			ORDER BY created_at DESC, id`,
			Date.now(),
		);
		return rows.map(row => ({
			id: String(row.id),
			role: row.role as Role,
			createdBy: String(row.created_by),
			createdAt: Number(row.created_at),
			expiresAt: Number(row.expires_at),
		}));
	}

	/** @throws {Problem} Where there is no such invitation. */
	async remove(id: string): Promise<void> {
		try {
			await this.#ledger.commit(
				{statement: 'removeInvitation', values: [id], rows: 1},
				auditLine({action: 'withdraw-invitation', subject: id}),
			);
		} catch (error) {
			throw isConflict(error) ? notFound('invitation') : error;
		}
	}
}
