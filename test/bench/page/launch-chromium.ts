import {spawnSync} from 'node:child_process';
import {type Browser, chromium} from 'playwright-core';

/** @throws {Error} Where there is none. */
export async function launchChromium(): Promise<Browser> {
	const path = ['chromium', 'chromium-browser', 'google-chrome']
		.map(name => spawnSync('which', [name]).stdout.toString().trim())
		.find(each => each !== '');
	if (path === undefined) throw new Error('Expected Chromium to be installed: apt-get install chromium.');
	return chromium.launch({executablePath: path, args: ['--no-sandbox']});
}
