import {expect, test} from 'vitest';
import {isPublic, OutboundAddresses} from '../../source/server/notices/outbound-address.ts';

const PRIVATE = [
	...[
		'127.0.0.1',
		'127.9.9.9',
		'10.1.2.3',
		'172.16.0.1',
		'172.31.255.255',
		'192.168.1.1',
		'169.254.169.254',
		'0.0.0.0',
	],
	...['100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1', '::', '::1', 'fe80::1', 'fc00::1'],
	...['fd12::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:0:7f00::1'],
	'2001:db8::1',
];
const PUBLIC = ['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'];

test('addresses of this machine and of private networks are not public, however they are written', () => {
	expect(PRIVATE.filter(isPublic)).toEqual([]);
	expect(PUBLIC.filter(isPublic)).toEqual(PUBLIC);
});

const faultOf = async (
	url: string,
	allowed: readonly string[] = [],
	found: readonly string[] = [],
): Promise<string | null> => {
	const destination = await new OutboundAddresses(allowed, async () => found).find(new URL(url));
	return 'fault' in destination ? destination.fault : null;
};

test('one address of a name that is not public is enough to refuse it; the operator may allow it, then by plain HTTP, too', async () => {
	expect(await faultOf('https://a.example/', [], ['8.8.8.8'])).toBeNull();
	expect(await faultOf('https://a.example/', [], ['8.8.8.8', '10.0.0.1'])).toMatch(
		/10\.0\.0\.1, an address of a private network/,
	);
	expect(await faultOf('https://a.example/', ['10.0.0.0/8'], ['8.8.8.8', '10.0.0.1'])).toBeNull();
	expect(await faultOf('http://a.example/', ['10.0.0.0/8'], ['10.0.0.1'])).toBeNull();
	expect(await faultOf('http://a.example/', ['10.0.0.0/8'], ['8.8.8.8'])).toMatch(/go by https: only/);
	expect(await faultOf('https://a.example/')).toBe('a.example has no address.');
	// URLs know many ways to write the same address.
	for (const host of [
		'0x7f.1',
		'2130706433',
		'017700000001',
		'127.1',
		'[::1]',
		'[::ffff:127.0.0.1]',
		'169.254.169.254',
	])
		expect(await faultOf(`https://${host}/`), host).toMatch(/private network/);
});

test('the connection goes to the address that was looked at', async () => {
	const destination = await new OutboundAddresses([], async () => ['8.8.8.8', '2606:4700::1111']).find(
		new URL('https://a.example/'),
	);
	if ('fault' in destination) throw new Error(destination.fault);
	const found = (all: boolean) =>
		new Promise(resolve => {
			destination.lookup('other.example', {all}, (_error, address, family) => resolve([address, family]));
		});
	expect(await found(false)).toEqual(['8.8.8.8', 4]);
	expect(await found(true)).toEqual([
		[
			{address: '8.8.8.8', family: 4},
			{address: '2606:4700::1111', family: 6},
		],
		undefined,
	]);
});
