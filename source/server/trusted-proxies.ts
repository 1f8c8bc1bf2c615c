// Proxies whose word on other machines counts (`--trust-proxy`).
import {BlockList, isIPv4} from 'node:net';

/** @param ranges - As `10.1.2.3`, `10.0.0.0/8` or `fd00::/8`. @returns Whether an address is one of them. */
export function trustedProxies(ranges: readonly string[]): (address: string | undefined) => boolean {
	const list = new BlockList();
	for (const range of ranges) {
		const [address = '', bits] = range.split('/');
		const family = isIPv4(address) ? 'ipv4' : 'ipv6';
		if (bits === undefined) list.addAddress(address, family);
		else list.addSubnet(address, Number(bits), family);
	}
	return address => {
		const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '');
		return plain !== undefined && list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
	};
}
