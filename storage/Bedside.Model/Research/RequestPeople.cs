using Bedside.Model.People;

namespace Bedside.Model.Research;

/// <summary>The rules of the named people of a request.</summary>
internal static class RequestPeople
{
    private const string KeyPrefix = "age1";

    /// <summary>An X25519 recipient of age: <c>age1</c> and 58 letters of Bech32 (BIP-173): 32 bytes and a checksum.</summary>
    private const int KeyLetters = 62;

    private static readonly System.Buffers.SearchValues<char> Bech32 = System.Buffers.SearchValues.Create("qpzry9x8gf2tvdw0s3jn54khce6mua7l");

    public static IEnumerable<RequestFault> Faults(IReadOnlyList<NamedResearcher> people)
    {
        if (people.Count is 0 or > RequestCheck.MostPeople)
        {
            yield return RequestCheck.Fault("people", $"Nommez de 1 à {RequestCheck.MostPeople} personnes qui ouvriront le paquet.", $"Name 1 to {RequestCheck.MostPeople} people who will open the package.");
        }

        for (int i = 0; i < people.Count; i++)
        {
            if (!AccountRules.IsName(people[i].Name))
            {
                yield return RequestCheck.Fault($"people[{i}].name", "Le nom fait de 1 à 64 lettres ; écrivez-le.", "A name is 1 to 64 letters; write it.");
            }

            if (!AccountRules.IsBadge(people[i].Badge))
            {
                yield return RequestCheck.Fault($"people[{i}].badge", "Le badge est celui d’un compte : 1 à 32 lettres, chiffres, tirets ou points.", "The badge is an account’s: 1 to 32 letters, digits, hyphens or dots.");
            }

            if (!IsRecipient(people[i].Recipient))
            {
                yield return RequestCheck.Fault($"people[{i}].recipient", "La clé publique n’a pas la forme age1… ; age-keygen en crée une et l’imprime.", "The public key has not the form age1…; age-keygen makes one and prints it.");
            }
        }

        if (IsTwice(people.Select(one => one.Badge), people.Count) || IsTwice(people.Select(one => one.Recipient), people.Count))
        {
            yield return RequestCheck.Fault("people", "Deux personnes ont le même badge ou la même clé ; chacune a les siens.", "Two people have the same badge or the same key; each has their own.");
        }
    }

    private static bool IsTwice(IEnumerable<string> words, int count) => words.ToHashSet(StringComparer.Ordinal).Count != count;

    /// <summary>The shape alone: the checksum is looked at where it is encrypted to.</summary>
    private static bool IsRecipient(string key) =>
        key.Length == KeyLetters && key.StartsWith(KeyPrefix, StringComparison.Ordinal) && key.AsSpan(KeyPrefix.Length).IndexOfAnyExcept(Bech32) < 0;
}
