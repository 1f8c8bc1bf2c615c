// Where an account wants to be notified: webhooks and mail addresses, and what was delivered to each.
import type {Row, ServerChange, ServerLedger} from '../../ledger/server-ledger.ts';
import {isConflict} from '../../ledger/start-commit-thread.ts';
import type {User} from '../accounts.ts';
import {auditLine} from '../audit/audit-line.ts';
import {createId, createPassword} from '../ids.ts';
import {notFound, problem} from '../problem.ts';
import {versionChanged} from '../version-tags.ts';
import {type AnyNoticeType, bodyOf, type NoticeType} from './notice.ts';
import type {OutboundAddresses} from './outbound-address.ts';
import {createWebhookSecret} from './send-webhook.ts';

export interface Endpoint {
	readonly id: string;
	readonly account: string;
	readonly url: string;
	readonly types: readonly NoticeType[];
	/** `unconfirmed`: a mail address whose code has not come back. */
	readonly state: 'unconfirmed' | 'on' | 'off';
	/** Why the server has switched it off; `null`: it has not. */
	readonly offReason: string | null;
	/** Attempts that have failed since the last one that did not. */
	readonly failures: number;
	/** Nothing is sent until then, because so many attempts have failed; `null`: it does not rest. */
	readonly restsUntil: number | null;
	readonly createdAt: number;
}

export interface Delivery {
	readonly number: number;
	readonly id: string;
	readonly endpoint: string;
	/** The id of the notice, which all attempts have. */
	readonly notice: string;
	readonly type: AnyNoticeType;
	readonly state: 'pending' | 'delivered' | 'failed';
	readonly attempts: number;
	readonly createdAt: number;
	/** `null`: there is none to come. */
	readonly nextAttemptAt: number | null;
	readonly endedAt: number | null;
}

export interface DeliveryAttempt {
	readonly number: number;
	readonly begunAt: number;
	readonly ms: number;
	/** Of HTTP or SMTP; `null`: there was no answer. */
	readonly status: number | null;
	/** `null`: it has arrived. */
	readonly error: string | null;
}

const MAX_ENDPOINTS = 20;
/** Of an account in a day: nobody is to be flooded with them. */
const MAX_CONFIRMATIONS = 10;
const DAY_MS = 24 * 60 * 60 * 1000;
/** So long the secret from before signs, too. */
const OLD_SECRET_MS = DAY_MS;
const MAX_URL = 2000;

const DELIVERIES = `SELECT deliveries.number, deliveries.id, endpoints.id AS endpoint, notices.id AS notice, type, deliveries.state, attempts,
		notices.created_at, next_at, ended_at
	FROM deliveries JOIN endpoints ON endpoints.number = deliveries.endpoint JOIN notices ON notices.number = deliveries.notice
	WHERE endpoints.account = ?`;

export interface EndpointsOptions {
	readonly ledger: ServerLedger;
	readonly addresses: OutboundAddresses;
	/** Whether the operator has named an SMTP server. */
	readonly hasMail: boolean;
}

export class Endpoints {
	readonly #options: EndpointsOptions;

	constructor(options: EndpointsOptions) {
		this.#options = options;
	}

	/**
	@returns The secret of a webhook, too; `null` for mail, whose address is to be confirmed first.
	@throws {Problem} Where nothing may be sent there, or the account has too many.
	*/
	async create(
		user: User,
		given: string,
		types: readonly NoticeType[],
	): Promise<{readonly endpoint: Endpoint; readonly secret: string | null}> {
		const url = await this.#readUrl(given);
		const isMail = url.startsWith('mailto:');
		if (isMail) this.#assertMayConfirm(user);
		const [id, now] = [createId('w'), Date.now()];
		const secret = isMail ? createPassword() : createWebhookSecret();
		const state = isMail ? 'unconfirmed' : 'on';
		const confirmation = isMail
			? this.#notice(user, id, 'webhook.confirm', {webhook_id: id, code: secret}).changes
			: [];
		await this.#commit(
			() => problem('TOO_MANY_WEBHOOKS', `The account has ${MAX_ENDPOINTS} webhooks: remove one first.`),
			{
				statement: 'addEndpoint',
				values: [id, user.id, url, secret, JSON.stringify(types), state, now, MAX_ENDPOINTS],
				rows: 1,
			},
			...confirmation,
			told('create', id, {host: isMail ? null : new URL(url).hostname}),
		);
		return {endpoint: this.find(user, id), secret: isMail ? null : secret};
	}

	/** @throws {Problem} 404, also where it belongs to somebody else. */
	find({id: account}: User, id: string): Endpoint {
		const row = this.#options.ledger.get('SELECT * FROM endpoints WHERE id = ? AND account = ?', id, account);
		if (row === undefined) throw notFound('webhook');
		return toEndpoint(row);
	}

	/** In the order in which they were made. */
	list({id: account}: User): readonly Endpoint[] {
		return this.#options.ledger
			.all('SELECT * FROM endpoints WHERE account = ? ORDER BY number', account)
			.map(toEndpoint);
	}

	/**
	What waits is sent at once, where it is on again.

	@param seen - What was looked at before.
	@throws {Problem} Where it is not so any more.
	*/
	async change(
		user: User,
		seen: Endpoint,
		{types, state}: {readonly types?: readonly NoticeType[]; readonly state?: 'on' | 'off'},
	): Promise<Endpoint> {
		const {id} = seen;
		const next = state ?? (seen.state === 'off' ? 'off' : 'on');
		await this.#commit(
			() => (seen.state === 'unconfirmed' ? notConfirmed() : versionChanged()),
			{statement: 'holdEndpoint', values: [id, JSON.stringify(seen.types), seen.state], rows: 1},
			{statement: 'changeEndpoint', values: [id, user.id, JSON.stringify(types ?? seen.types), next], rows: 1},
			told('change', id, {state: next}),
		);
		return this.find(user, id);
	}

	/** @throws {Problem} When it is another code. */
	async confirm(user: User, id: string, code: string): Promise<Endpoint> {
		this.find(user, id);
		const row = this.#options.ledger.get(
			`SELECT secret FROM endpoints WHERE id = ? AND account = ? AND state = 'unconfirmed'`,
			...[id, user.id],
		);
		if (row === undefined) return this.find(user, id);
		// It has a hundred random bits, so how long a comparison takes says nothing of use.
		if (String(row.secret) !== code.trim()) throw problem('WRONG_MAIL_CODE', 'Send the code that has come by mail.');
		await this.#commit(
			() => notFound('webhook'),
			{statement: 'confirmEndpoint', values: [id, user.id], rows: 1},
			told('confirm', id),
		);
		return this.find(user, id);
	}

	/** @returns The new secret; for a day notices are signed by the one before, too. */
	async changeSecret(user: User, id: string): Promise<string> {
		const {url} = this.find(user, id);
		if (url.startsWith('mailto:')) throw problem('WEBHOOK_REFUSED', 'Mail has no secret: only webhooks are signed.');
		const secret = createWebhookSecret();
		const values = [id, user.id, secret, Date.now() + OLD_SECRET_MS];
		await this.#commit(
			() => notFound('webhook'),
			{statement: 'changeEndpointSecret', values, rows: 1},
			told('secret', id),
		);
		return secret;
	}

	async remove(user: User, id: string): Promise<void> {
		const removal = {statement: 'removeEndpoint', values: [id, user.id], rows: 1} as const;
		await this.#commit(() => notFound('webhook'), removal, told('remove', id));
	}

	/** Sends a notice that says that it is a test. */
	async test(user: User, id: string): Promise<Delivery> {
		if (this.find(user, id).state !== 'on') throw notOn();
		const {delivery, changes} = this.#notice(user, id, 'webhook.test', {webhook_id: id});
		await this.#options.ledger.commit(...changes, told('test', id));
		return this.findDelivery(user, delivery);
	}

	/** The newest first. @param before - The number of the last one of the page before. */
	deliveriesOf(user: User, id: string, before: number | null, limit: number): readonly Delivery[] {
		this.find(user, id);
		return this.#options.ledger
			.all(
				`${DELIVERIES} AND endpoints.id = ? AND deliveries.number < ? ORDER BY deliveries.number DESC LIMIT ?`,
				...[user.id, id, before ?? Number.MAX_SAFE_INTEGER, limit],
			)
			.map(toDelivery);
	}

	/** @throws {Problem} 404, also where it belongs to somebody else. */
	findDelivery(user: User, id: string): Delivery {
		const row = this.#options.ledger.get(`${DELIVERIES} AND deliveries.id = ?`, user.id, id);
		if (row === undefined) throw notFound('delivery');
		return toDelivery(row);
	}

	attemptsOf({number}: Delivery): readonly DeliveryAttempt[] {
		return this.#options.ledger
			.all('SELECT * FROM delivery_attempts WHERE delivery = ? ORDER BY number', number)
			.map(row => ({
				...{number: Number(row.number), begunAt: Number(row.begun_at), ms: Number(row.ms)},
				...{status: row.status as number | null, error: row.error as string | null},
			}));
	}

	/** Once more, with the same id, and with all attempts before it fails again. */
	async sendAgain(user: User, id: string): Promise<Delivery> {
		const {endpoint} = this.findDelivery(user, id);
		if (this.find(user, endpoint).state !== 'on') throw notOn();
		const again = {statement: 'sendAgain', values: [id, Date.now()], rows: 1} as const;
		await this.#commit(() => notFound('delivery'), again, told('resend', id));
		return this.findDelivery(user, id);
	}

	/** One for this endpoint alone. */
	#notice(
		{id: account}: User,
		endpoint: string,
		type: AnyNoticeType,
		data: object,
	): {readonly delivery: string; readonly changes: readonly ServerChange[]} {
		const [notice, delivery, now] = [createId('msg'), createId('d'), Date.now()];
		return {
			delivery,
			changes: [
				{statement: 'addNoticeForOne', values: [notice, account, type, bodyOf(type, now, data), now]},
				{statement: 'addDelivery', values: [delivery, notice, endpoint, now], rows: 1},
			],
		};
	}

	async #readUrl(given: string): Promise<string> {
		const url = given.length > MAX_URL ? null : URL.parse(given);
		if (url?.protocol === 'mailto:') return this.#readMailAddress(url);
		if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
			throw problem(
				'WEBHOOK_REFUSED',
				`Expected an address as https://host/path, without a name and a password, or mailto:name@host, but found ${JSON.stringify(given.slice(0, 100))}.`,
			);
		const destination = await this.#options.addresses.find(url);
		if ('fault' in destination) throw problem('WEBHOOK_REFUSED', destination.fault);
		return url.href;
	}

	#readMailAddress({pathname, search}: URL): string {
		if (!this.#options.hasMail)
			throw problem('WEBHOOK_REFUSED', 'This server sends no mail: the operator has named no --smtp-url-file.');
		// One address, without a name, a comment or a list.
		if (!/^[\w.!#$&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+$/.test(pathname) || search !== '')
			throw problem(
				'WEBHOOK_REFUSED',
				`Expected one address as mailto:name@example.com, but found ${JSON.stringify(pathname.slice(0, 100))}.`,
			);
		return `mailto:${pathname}`;
	}

	#assertMayConfirm({id}: User): void {
		const {count} =
			this.#options.ledger.get(
				`SELECT count(*) AS count FROM notices WHERE account = ? AND type = 'webhook.confirm' AND created_at > ?`,
				...[id, Date.now() - DAY_MS],
			) ?? {};
		if (Number(count) >= MAX_CONFIRMATIONS)
			throw problem(
				'TOO_MANY_WEBHOOKS',
				`${MAX_CONFIRMATIONS} mail addresses were named within a day: wait until tomorrow.`,
			);
	}

	async #commit(conflict: () => Error, ...changes: readonly ServerChange[]): Promise<void> {
		try {
			await this.#options.ledger.commit(...changes);
		} catch (error) {
			throw isConflict(error) ? conflict() : error;
		}
	}
}

/** No address: parts of it may be secret. */
const told = (what: string, subject: string, details: Readonly<Record<string, string | null>> = {}): ServerChange =>
	auditLine({action: 'change-webhooks', subject, details: {what, ...details}});

const notConfirmed = (): Error =>
	problem('WEBHOOK_OFF', 'The mail address is not confirmed: send the code that has come by mail first.');
const notOn = (): Error => problem('WEBHOOK_OFF', 'The webhook is not on, so nothing is sent to it.');

const toEndpoint = (row: Row): Endpoint => ({
	...{id: String(row.id), account: String(row.account), url: String(row.url)},
	...{types: JSON.parse(String(row.types)) as NoticeType[], state: row.state as Endpoint['state']},
	...{offReason: row.off_reason as string | null, failures: Number(row.failures)},
	...{restsUntil: row.rests_until as number | null, createdAt: Number(row.created_at)},
});

const toDelivery = (row: Row): Delivery => ({
	...{number: Number(row.number), id: String(row.id), endpoint: String(row.endpoint), notice: String(row.notice)},
	...{type: row.type as AnyNoticeType, state: row.state as Delivery['state'], attempts: Number(row.attempts)},
	...{createdAt: Number(row.created_at), endedAt: row.ended_at as number | null},
	nextAttemptAt: row.state === 'pending' ? Number(row.next_at) : null,
});
