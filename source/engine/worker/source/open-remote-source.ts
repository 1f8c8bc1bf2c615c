// Objects on other machines as sources like any other. What speaks with those machines is loaded for them.
import {identityOfRemote, pathOfRemote} from '../../../remote/remote-location.ts';
import type {SourceLocation} from '../../shared/protocol.ts';
import {isRemote} from '../../shared/source-location.ts';
import type {UnpackLimits} from '../../unpacking/unpacked-source.ts';
import {openBytes, type RawSource} from './open-bytes.ts';
import type {OpenSource} from './open-source.ts';

/** @param onPackedRead - See `openSource`. */
export async function openRemoteSource(
	location: SourceLocation,
	limits: UnpackLimits,
	onPackedRead?: () => void,
): Promise<OpenSource> {
	if (location.kind === 'member' && isRemote(location.archive)) {
		const {openRemoteMember} = await import('./open-remote-member.ts');
		return openRemoteMember(location, location.archive, limits, onPackedRead);
	}
	if (!isRemote(location)) throw new Error('Expected a source of another machine');
	const {openRemote} = await import('../../../remote/open-remote.ts');
	const remote = await openRemote(location);
	const {size, version, read, seek, expect, close} = remote;
	const identity = identityOfRemote({size, version});
	if (/\.parquet$/i.test(pathOfRemote(location))) {
		const {openRemoteParquet} = await import('./open-remote-parquet.ts');
		const parquet = await openRemoteParquet(remote, identity, limits, onPackedRead);
		if (parquet !== null) return parquet;
	}
	const raw: RawSource = {
		...{read, seek, size, close, expect},
		name: pathOfRemote(location),
		isWholeFile: true,
		identity,
		// Every range of it was asked for by its version, and has come as a whole.
		verify() {},
	};
	return openBytes(raw, limits, onPackedRead);
}
