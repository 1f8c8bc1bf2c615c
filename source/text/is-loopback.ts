import {isIPv4} from 'node:net';

/** Whether only this machine can reach it. `::ffff:127.0.0.1` is how IPv4 looks to a server that listens by IPv6. */
export function isLoopback(address: string): boolean {
	const plain = address.replace(/^::ffff:/i, '');
	return address === 'localhost' || address === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}
