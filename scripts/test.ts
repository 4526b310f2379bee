/**
 * npm test [-- ARGUMENTS OF vitest]: the bundle, then the checks and the fast tests (which run the bundle) side by side. What the checks say stands
 * first and the summary of the tests last. Ends with 1 where one of them failed.
 */
import {bundle} from './build.ts';
import {failedChecks} from './check.ts';
import {held} from './held.ts';

await bundle();
const tests = held(['vitest', 'run', '--project', 'unit', '--project', 'terminal', ...process.argv.slice(2)]);
const failed = await failedChecks();
tests.release();
const {code} = await tests.ended;
if (failed.length > 0) console.error(`npm test: ${failed.join(', ')} failed, see above`);
process.exitCode = code !== 0 || failed.length > 0 ? 1 : 0;
