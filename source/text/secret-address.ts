import {isLoopback} from './is-loopback.ts';

/** An address of a server with a password in it, and how it may be told to anybody. */
export interface SecretAddress {
	readonly url: string;
	readonly shown: string;
}

/** Whether all of it can be read: a sign is written there as % and two digits, so a % itself is, too. */
export function isReadable({username, password, hostname, pathname}: URL): boolean {
	try {
		decodeURIComponent([username, password, hostname, pathname].join(' '));
		return true;
	} catch {
		return false;
	}
}

/** What people are told of an address that cannot be used; `null`: only what one is like. */
export const findPercentFault = (text: string): string | null =>
	URL.canParse(text) && !isReadable(new URL(text))
		? 'a % in the name, password or database of an address is written as %25'
		: null;

/** Errors of libraries may have the address in them. */
export function withoutPassword(message: string, {url, shown}: SecretAddress): string {
	const {password} = new URL(url);
	const secrets = [password, decodeURIComponent(password)].filter(secret => secret !== '');
	return secrets.reduce((text, secret) => text.replaceAll(secret, '***'), message.replaceAll(url, shown));
}

export interface PostgresAddress extends SecretAddress {
	/** Whether nobody on the way can read what is sent, or the address itself says that it may be. */
	readonly isGuarded: boolean;
}

/** `null` where it is none. */
export function parsePostgresAddress(text: string): PostgresAddress | null {
	if (!URL.canParse(text)) return null;
	const url = new URL(text);
	const {protocol, hostname, host, pathname, searchParams} = url;
	if (!isReadable(url) || !['postgres:', 'postgresql:'].includes(protocol) || hostname === '') return null;
	const isGuarded = isLoopback(hostname.replace(/^\[(.*)\]$/, '$1')) || searchParams.has('sslmode');
	// Neither user, nor password, nor parameters, which may have passwords, too.
	return {url: text, shown: `${protocol}//${host}${pathname === '/' ? '' : pathname}`, isGuarded};
}
