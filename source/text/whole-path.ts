import {resolve} from 'node:path';
import {isRemotePath, withoutSecrets} from './shown-url.ts';

/** What a path means wherever one is: from the root, or the address of an object on another machine as it may be shown. */
export const wholePath = (path: string, folder = ''): string =>
	isRemotePath(path) ? withoutSecrets(path) : resolve(folder, path);
