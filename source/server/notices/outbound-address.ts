// Where the server may send something that a user has asked for: not to its own machine or network, unless the operator allows it. A name is
// resolved once, and the connection goes to an address that was looked at: what the name means a moment later does not count.
import {lookup} from 'node:dns/promises';
import {BlockList, isIP, type LookupFunction} from 'node:net';
import {messageOf} from '../../text/system-error.ts';

/** IPv4 addresses that are not those of one machine in the internet (IANA, special-purpose addresses). */
const SPECIAL_IPV4 = [
	...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
	...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
	...['224.0.0.0/4', '240.0.0.0/4'],
];
/** Of IPv6 only these are of machines in the internet, */
const PUBLIC_IPV6 = ['2000::/3'];
/** but for these; some of them hold an IPv4 address (6to4, Teredo). */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const [special, publicIpv6] = [listOf([...SPECIAL_IPV4, ...SPECIAL_IPV6]), listOf(PUBLIC_IPV6)];

/** @param ranges - Addresses, or ranges of them like `10.0.0.0/8`. */
export function listOf(ranges: readonly string[]): BlockList {
	const list = new BlockList();
	for (const range of ranges) {
		const [address = '', bits] = range.split('/');
		const type = isIP(address) === 4 ? 'ipv4' : 'ipv6';
		if (bits === undefined) list.addAddress(address, type);
		else list.addSubnet(address, Number(bits), type);
	}
	return list;
}

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** Whether it is the address of a machine in the internet. One of IPv4 that is written as one of IPv6 is not. */
export const isPublic = (address: string): boolean =>
	!isIn(special, address) && (isIP(address) === 4 || isIn(publicIpv6, address));

export type Destination =
	| {readonly lookup: LookupFunction}
	/** Why nothing is sent there, as a sentence. */
	| {readonly fault: string};

export class OutboundAddresses {
	readonly #allowed: BlockList;
	readonly #resolve: (host: string) => Promise<readonly string[]>;

	/**
	@param allowed - Ranges of the operator, which need not be public.
	@param resolve - Gives the addresses of a name.
	*/
	constructor(allowed: readonly string[], resolve = addressesOf) {
		this.#allowed = listOf(allowed);
		this.#resolve = resolve;
	}

	/** Plain HTTP leads only to what the operator allows by name of its address. */
	async find({hostname, protocol}: URL): Promise<Destination> {
		const host = hostname.replace(/^\[(.*)\]$/, '$1');
		let addresses: readonly string[];
		try {
			addresses = isIP(host) > 0 ? [host] : await this.#resolve(host);
		} catch (error) {
			return {fault: `${host} cannot be found: ${messageOf(error)}.`};
		}
		const [first] = addresses;
		if (first === undefined) return {fault: `${host} has no address.`};
		const refused = addresses.find(address => !isIn(this.#allowed, address) && !isPublic(address));
		if (refused !== undefined)
			return {
				fault: `${host} is ${refused === host ? 'an address' : `${refused}, an address`} of a private network or of this machine: the operator may allow it by --webhook-allow.`,
			};
		if (protocol !== 'https:' && !addresses.every(address => isIn(this.#allowed, address)))
			return {fault: 'Notices go by https: only, except to addresses that the operator allows by --webhook-allow.'};
		return {lookup: lookupOf(addresses)};
	}
}

const addressesOf = async (host: string): Promise<readonly string[]> =>
	(await lookup(host, {all: true})).map(({address}) => address);

/** Answers with these addresses, whatever it is asked for. */
function lookupOf(addresses: readonly string[]): LookupFunction {
	const found = addresses.map(address => ({address, family: isIP(address)}));
	return (_host, {all}, callback) => {
		const [first] = found;
		if (all === true || first === undefined) callback(null, found);
		else callback(null, first.address, first.family);
	};
}
