import type {WatchCommand} from '../../arguments/options.ts';
export async function takeOneFile(_command: WatchCommand): Promise<number> {
	throw new Error('not yet');
}
