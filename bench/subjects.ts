/** The realm of every token, and the client that they were issued to. */
export const realm = '/bench';
export const client = { id: 'resource-app', secret: 'chosen-by-a-human' };

/** How many users the tokens are issued for. */
export const userCount = 1_000;

/** The password of every user, and its hash. */
export const userPassword = 'chosen-by-a-human';
const passwordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$PXKNNDvn6zrEbqIATxgbzQ$LD2pErX+t3EOLK89URgfwFEJOXXYjpg4EiEryITbgvk';

/** The `symbolon.yaml` that is applied (JSON is YAML). */
export const configuration = JSON.stringify({
  realms: [
    {
      name: realm,
      clients: [
        {
          client_id: client.id,
          client_secret: client.secret,
          grant_types: ['password', 'client_credentials', 'refresh_token'],
          scopes: ['read', 'write'],
          default_scopes: ['read'],
        },
      ],
      users: Array.from({ length: userCount }, (_, index) => ({
        username: `user-${index}`,
        password_hash: passwordHash,
      })),
    },
  ],
});
