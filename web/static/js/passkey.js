// Making and showing a passkey: asks the server what is to be signed, the browser to sign it, and sends the form on.
// The form is hidden, and words about other ways stand in its place, until this has found out that it can do so.
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  const failed = document.querySelector("[data-passkey-failed]");
  form.hidden = false;
  document.querySelector("[data-without-passkey]").hidden = true;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const known = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (asked) => {
    const user = { ...asked.user, id: bytes(asked.user.id) };
    const publicKey = { ...asked, user, challenge: bytes(asked.challenge), excludeCredentials: known(asked.excludeCredentials) };
    const { response, ...made } = await navigator.credentials.create({ publicKey }).then(named);
    return {
      ...made,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        attestationObject: text(response.attestationObject),
        transports: response.getTransports ? response.getTransports() : [],
      },
    };
  };

  const show = async (asked) => {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) };
    const { response, ...shown } = await navigator.credentials.get({ publicKey }).then(named);
    return {
      ...shown,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
        userHandle: response.userHandle ? text(response.userHandle) : null,
      },
    };
  };

  const named = (found) => ({ id: found.id, rawId: text(found.rawId), type: found.type, response: found.response });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const answer = await fetch(form.dataset.passkey, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.status === 403) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const asked = await answer.json();
      form.elements.credential.value = JSON.stringify(await (asked.rp ? make(asked) : show(asked)));
      form.submit();
    } catch {
      failed.hidden = false;
      failed.focus();
    }
  });
})();
