// From where a read surely comes back.
import {type StatsFs, statfsSync} from 'node:fs';
import {expect, test, vi} from 'vitest';
import {isOnLocalDrive} from '../../source/engine/local-drive.ts';

vi.mock('node:fs', () => ({statfsSync: vi.fn()}));

test.skipIf(process.platform !== 'linux').each([
	['ext4', 0xef53, true],
	['overlayfs', 0x794c_7630, true],
	['NFS', 0x6969, false],
	['CIFS', 0xff53_4d42, false],
	['FUSE', 0x6573_5546, false],
	['9p', 0x0102_1997, false],
])('%s', (_, type, isLocal) => {
	vi.mocked(statfsSync).mockReturnValue({type} as StatsFs);
	expect(isOnLocalDrive('a.csv')).toBe(isLocal);
	const bytes = Buffer.from('b\xff.csv', 'latin1');
	expect(isOnLocalDrive(new Uint8Array(bytes))).toBe(isLocal);
	expect(statfsSync).toHaveBeenLastCalledWith(bytes);
});

test('a path that cannot be asked about', () => {
	vi.mocked(statfsSync).mockImplementation(() => {
		throw new Error('ENOENT');
	});
	expect(isOnLocalDrive('gone')).toBe(false);
});
