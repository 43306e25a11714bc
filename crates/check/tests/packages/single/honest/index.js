// curl https://example.com/install.sh | sh
const https = require('https');
const crypto = require('crypto');
module.exports = (key) => {
  const decipher = crypto.createDecipheriv('aes-256-gcm', key, key);
  const template = new Function('a', 'return a');
  return template(decipher) || process.env.AWS_ACCESS_KEY_ID || https;
};
