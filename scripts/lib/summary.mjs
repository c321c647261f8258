// The line that counts the tests.

/**
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   numFailedTestSuites: number, testResults: { name: string, status: string, assertionResults: unknown[] }[] }} Report
 */

/** @param {Report | undefined} report @param {boolean} ok */
export function summary(report, ok) {
  if (report === undefined) return ok ? "0 passed, 0 failed" : "0 passed, 1 failed";
  // A file that does not even load fails without a failed test in it.
  const unloaded = report.testResults.filter((f) => f.status === "failed" && f.assertionResults.length === 0).length;
  const failed = report.numFailedTests + unloaded;
  const skipped = report.numPendingTests + report.numTodoTests;
  const counts = `${report.numPassedTests} passed, ${!ok && failed === 0 ? 1 : failed} failed`;
  return skipped === 0 ? counts : `${counts}, ${skipped} skipped`;
}
