// What is asked of the server, and what it says where something cannot be done.

let hush = 0;

export function tell(words) {
  const told = document.getElementById("told");
  told.textContent = words;
  told.classList.add("shown");
  clearTimeout(hush);
  hush = setTimeout(() => told.classList.remove("shown"), Math.max(4000, words.length * 80));
}

async function asked(address, options) {
  try {
    const answer = await fetch(address, { method: "POST", ...options });
    if (answer.ok) return true;
    const given = await answer.json().catch(() => ({}));
    tell(given.told || "That did not work. Load the page again.");
  } catch {
    tell("The coach cannot be reached. Does make run still run?");
  }
  return false;
}

export function act(name, fields = {}) {
  return asked("/acts", { body: JSON.stringify({ do: name, ...fields }) });
}

async function sizeOf(file) {
  try {
    const picture = await createImageBitmap(file);
    return { width: picture.width, height: picture.height };
  } catch {
    return {};
  }
}

export async function sendFile(seeker, file, asPicture) {
  const isPicture = asPicture && file.type.startsWith("image/");
  const size = isPicture ? await sizeOf(file) : {};
  const query = new URLSearchParams({ seeker, name: file.name, ...size });
  const headers = { "content-type": file.type || "application/octet-stream" };
  return asked(`/files?${query}`, { body: file, headers });
}

export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    tell("Copied.");
  } catch {
    tell("This browser does not let the page copy. Select the words and copy them by hand.");
  }
}
