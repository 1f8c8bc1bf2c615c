import {describe, expect, test} from 'vitest';
import {
	decideBackground,
	decideColorLevel,
	decideFps,
	isAsciiLocale,
	isInteractive,
	isProgressShown,
	isScreenReaderRequested,
} from '../../source/cli/process/terminal-capabilities.ts';

const colors = {TERM: 'xterm-256color'};

describe('colours', () => {
	test('are decided by --color, then FORCE_COLOR, NO_COLOR, CLICOLOR_FORCE, CLICOLOR, then the terminal', () => {
		const against = {FORCE_COLOR: '0', NO_COLOR: '1', CLICOLOR: '0', ...colors};
		const level = (setting: 'auto' | 'always' | 'never', isTty: boolean, env: Record<string, string>): number =>
			decideColorLevel(setting, isTty, env);
		expect(level('always', false, against)).toBe(2);
		expect(level('never', true, {FORCE_COLOR: '3', ...colors})).toBe(0);
		expect(level('auto', true, against)).toBe(0);
		expect(level('auto', false, {FORCE_COLOR: '1', NO_COLOR: '1', CLICOLOR: '0'})).toBe(1);
		// An empty variable counts as unset.
		expect(level('auto', true, {FORCE_COLOR: '', NO_COLOR: '1', ...colors})).toBe(0);
		expect(level('auto', false, {FORCE_COLOR: '', ...colors})).toBe(0);
		expect(level('auto', true, {NO_COLOR: '1', CLICOLOR_FORCE: '1', ...colors})).toBe(0);
		expect(level('auto', false, {CLICOLOR_FORCE: '1', CLICOLOR: '0', ...colors})).toBe(2);
		expect(level('auto', false, {CLICOLOR_FORCE: '0', ...colors})).toBe(0);
		expect(level('auto', true, {CLICOLOR: '0', ...colors})).toBe(0);
		expect(level('auto', true, {NO_COLOR: '', CLICOLOR: '1', ...colors})).toBe(2);
		expect(level('auto', false, colors)).toBe(0);
		expect(level('auto', true, {TERM: 'dumb'})).toBe(0);
		expect(level('auto', true, {TERM: 'xterm', COLORTERM: 'truecolor'})).toBe(3);
	});
});

test.each([
	['0;15', 'light'],
	['15;0', 'dark'],
	['0;default;15', 'light'],
	['12;7', 'light'],
	['0;8', 'dark'],
	['7;6', 'dark'],
	['15;default', 'dark'],
	['', 'dark'],
	['0;115', 'dark'],
])('the background of a terminal with COLORFGBG=%j is %s', (value, background) => {
	expect(decideBackground('auto', {COLORFGBG: value})).toBe(background);
	expect(decideBackground('light', {COLORFGBG: value})).toBe('light');
	expect(decideBackground('dark', {COLORFGBG: value})).toBe('dark');
});

test('frames are fewer over SSH, unless they are set', () => {
	expect([decideFps(null, {}), decideFps(null, {SSH_CONNECTION: '::1 1 ::1 22'})]).toEqual([10, 4]);
	expect(decideFps(30, {SSH_CONNECTION: '::1 1 ::1 22'})).toBe(30);
	expect(decideFps(null, {SSH_CONNECTION: ''})).toBe(10);
});

test('a screen reader is in use where ACCESSIBLE or INK_SCREEN_READER says so', () => {
	for (const env of [{ACCESSIBLE: '1'}, {ACCESSIBLE: 'true'}, {INK_SCREEN_READER: 'true'}]) {
		expect(isScreenReaderRequested(env)).toBe(true);
	}
	for (const env of [{}, {ACCESSIBLE: '0'}, {ACCESSIBLE: ''}, {ACCESSIBLE: 'false'}, {INK_SCREEN_READER: 'false'}]) {
		expect(isScreenReaderRequested(env)).toBe(false);
	}
});

test('a dashboard needs a terminal that moves its cursor and is not a log', () => {
	expect(isInteractive(true, colors)).toBe(true);
	expect(isInteractive(false, colors)).toBe(false);
	for (const env of [{TERM: 'dumb'}, {CI: 'true'}, {CI: '1'}]) expect(isInteractive(true, env)).toBe(false);
	for (const env of [{CI: 'false'}, {CI: '0'}, {CI: ''}]) expect(isInteractive(true, env)).toBe(true);
});

test('characters beyond ASCII are for UTF-8 locales, and where no locale is set', () => {
	for (const env of [{}, {LANG: 'C.UTF-8'}, {LANG: 'de_DE.utf8'}, {LC_ALL: 'en_US.UTF-8', LANG: 'C'}]) {
		expect(isAsciiLocale(env)).toBe(false);
	}
	for (const env of [{LANG: 'C'}, {LC_ALL: 'C', LANG: 'C.UTF-8'}, {LC_CTYPE: 'POSIX', LANG: 'C.UTF-8'}]) {
		expect(isAsciiLocale(env)).toBe(true);
	}
});

test('progress goes only to terminals that are known to show it, because others would show a notification', () => {
	for (const env of [
		{WT_SESSION: 'x'},
		{ConEmuANSI: 'ON'},
		{TERM_PROGRAM: 'ghostty'},
		{TERM_PROGRAM: 'WezTerm'},
		{TERM_PROGRAM: 'iTerm.app', TERM_FEATURES: 'T3LrMSc7UUw9Ts3BFGsSyHNoSxFP'},
		{VTE_VERSION: '8001'},
	]) {
		expect(isProgressShown(env), JSON.stringify(env)).toBe(true);
	}
	for (const env of [{}, colors, {TERM_PROGRAM: 'iTerm.app'}, {VTE_VERSION: '7600'}, {TERM_PROGRAM: 'tmux'}]) {
		expect(isProgressShown(env), JSON.stringify(env)).toBe(false);
	}
});
