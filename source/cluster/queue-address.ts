// Where a queue is, as people write it, and as it may be told to anybody.
import {isLoopback} from '../text/is-loopback.ts';
import {isReadable} from '../text/secret-address.ts';

export interface QueueAddress {
	readonly kind: 'redis' | 'postgres';
	/** With its password: for the library that connects, and for nobody else. */
	readonly url: string;
	/** For messages. */
	readonly shown: string;
	/** Whether it is on this machine. */
	readonly isLocal: boolean;
}

const kinds: Readonly<Record<string, QueueAddress['kind']>> = {
	'redis:': 'redis',
	'rediss:': 'redis',
	'postgres:': 'postgres',
	'postgresql:': 'postgres',
};

/** `null` where it is none. */
export function parseQueueAddress(text: string): QueueAddress | null {
	if (!URL.canParse(text)) return null;
	const url = new URL(text);
	const {protocol, hostname, host, pathname} = url;
	const kind = kinds[protocol];
	if (kind === undefined || hostname === '' || !isReadable(url)) return null;
	const isLocal = isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
	// Neither user, nor password, nor parameters, which may have passwords, too.
	return {kind, url: text, shown: `${protocol}//${host}${pathname === '/' ? '' : pathname}`, isLocal};
}
