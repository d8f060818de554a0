/** This process led and can't be sure that it still does. Whatever it does from now on, another may do as well. */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';
}
