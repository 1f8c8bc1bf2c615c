// The parts of a server that notify accounts.
import type {ServerLedger} from '../../ledger/server-ledger.ts';
import {Endpoints} from './endpoints.ts';
import {OutboundAddresses} from './outbound-address.ts';
import {Outbox, type OutboxOptions} from './outbox.ts';
import {Mailer, type MailOptions} from './send-mail.ts';
import {sendWebhook} from './send-webhook.ts';
import type {Sent} from './sending.ts';

export interface NoticeOptions {
	/** Addresses that notices may go to though they are not public, and by plain HTTP, too. */
	readonly webhookAllow: readonly string[];
	/** `null`: no mail is sent. */
	readonly mail: MailOptions | null;
}

export interface Notices {
	readonly endpoints: Endpoints;
	readonly outbox: Outbox;
	readonly close: () => Promise<void>;
}

const NO_MAIL: Sent = {status: null, fault: 'The server sends no mail now', retryAfterMs: 0, isGone: false};

/** @throws {ServeError} When the SMTP server cannot be made out. */
export function openNotices(
	ledger: ServerLedger,
	{webhookAllow, mail}: NoticeOptions,
	{onFault, onAttempt}: Pick<OutboxOptions, 'onFault' | 'onAttempt'>,
): Notices {
	const addresses = new OutboundAddresses(webhookAllow);
	const mailer = mail === null ? null : new Mailer(mail);
	const outbox = new Outbox({
		...{ledger, onFault},
		...(onAttempt !== undefined && {onAttempt}),
		send: sending =>
			sending.url.startsWith('mailto:')
				? (mailer?.send(sending) ?? Promise.resolve(NO_MAIL))
				: sendWebhook(sending, addresses),
	});
	return {
		...{outbox, endpoints: new Endpoints({ledger, addresses, hasMail: mailer !== null})},
		async close() {
			await outbox.close();
			await mailer?.close();
		},
	};
}
