// Runs before each file of tests where RANDOM_CASES is set: it counts for tests that do not say how many cases they try, too.
import fc from 'fast-check';
import {randomCases} from './random-cases.ts';

fc.configureGlobal({numRuns: randomCases(100)});
