/**
 * Checks for the exercises of these notebooks.
 *
 *     await check('2', { 'prints the numbers in order': () => text === '1 2 3' });
 */

/**
 * Says whether an exercise is done, or what is still to do. A claim holds when it returns true.
 * @param patience how many seconds a claim may take: an exercise that waits for ever must not hang
 */
export async function check(
  exercise: string,
  claims: Record<string, () => unknown>,
  patience = 2,
): Promise<void> {
  for (const [claim, holds] of Object.entries(claims)) {
    const why = await refute(holds, patience);
    if (why !== undefined) return console.log(`Exercise ${exercise}: not yet. Still missing: it ${claim}.${why}`);
  }
  console.log(`Exercise ${exercise}: done. ✔`);
}

/** Why the claim does not hold, or undefined when it does. */
async function refute(holds: () => unknown, patience: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(` (No answer after ${patience} s.)`), patience * 1000);
  });
  const asked = (async () => ((await holds()) === true ? undefined : ''))();
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    return ` (It ended with ${String(error)}.)`;
  } finally {
    clearTimeout(timer);
  }
}
