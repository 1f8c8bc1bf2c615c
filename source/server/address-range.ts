// Addresses of proxies: one, or all that begin with the same bits (CIDR).
import {isIP} from 'node:net';

/** What is wrong with such a text, as a part of a sentence; `undefined` where nothing is. */
export function findAddressRangeFault(text: string): string | undefined {
	const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
	const family = isIP(address);
	if (family === 0) return 'an address is like 10.1.2.3, and a range of them like 10.0.0.0/8 or fd00::/8';
	const most = family === 4 ? 32 : 128;
	if (bits === undefined || (Number(bits) >= 1 && Number(bits) <= most)) return undefined;
	return `behind the slash is a number of bits from 1 to ${most}`;
}
