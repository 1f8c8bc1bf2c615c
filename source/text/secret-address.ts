import {isLoopback} from './is-loopback.ts';

/** An address of a server with a password in it, and how it may be told to anybody. */
export interface SecretAddress {
	readonly url: string;
	readonly shown: string;
}

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
	const {protocol, hostname, host, pathname, searchParams} = new URL(text);
	if (!['postgres:', 'postgresql:'].includes(protocol) || hostname === '') return null;
	const isGuarded = isLoopback(hostname.replace(/^\[(.*)\]$/, '$1')) || searchParams.has('sslmode');
	// Neither user, nor password, nor parameters, which may have passwords, too.
	return {url: text, shown: `${protocol}//${host}${pathname === '/' ? '' : pathname}`, isGuarded};
}
