import {isIPv6} from 'node:net';

/** What of an address limits are counted for: who has one address of IPv6 has all of its network, so the first 64 bits. */
export function placeOf(address: string): string {
	if (!isIPv6(address) || address.includes('.')) return address;
	const [front = '', back] = address.split('::');
	const groups = front === '' ? [] : front.split(':');
	const filled = back === undefined ? groups : [...groups, ...Array<string>(4).fill('0')];
	return filled.slice(0, 4).join(':');
}
