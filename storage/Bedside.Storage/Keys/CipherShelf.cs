using Bedside.Model;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>Keeps the keys of the files that were opened last. Not synchronised: <see cref="StayKeys"/> guards it.</summary>
internal sealed class CipherShelf
{
    /// <summary>More than the segments of a month of one bed.</summary>
    private const int Most = 1024;

    private readonly Dictionary<(FileIdentity File, UInt128 Salt), LinkedListNode<((FileIdentity File, UInt128 Salt) Name, FileCipher Cipher)>> _byFile = [];
    private readonly LinkedList<((FileIdentity File, UInt128 Salt) Name, FileCipher Cipher)> _newestFirst = [];

    /// <summary>Held for the caller.</summary>
    public FileCipher? Find(FileIdentity file, FileSeal seal)
    {
        if (!_byFile.TryGetValue((file, seal.Salt), out LinkedListNode<((FileIdentity File, UInt128 Salt) Name, FileCipher Cipher)>? node)
            || node.Value.Cipher.Stay != seal.Stay || !node.Value.Cipher.TryHold())
        {
            return null;
        }

        _newestFirst.Remove(node);
        _newestFirst.AddFirst(node);
        return node.Value.Cipher;
    }

    /// <summary>Takes a new one, which the caller goes on to hold.</summary>
    public void Put(FileIdentity file, FileSeal seal, FileCipher cipher)
    {
        (FileIdentity File, UInt128 Salt) name = (file, seal.Salt);
        if (_byFile.Remove(name, out LinkedListNode<((FileIdentity File, UInt128 Salt) Name, FileCipher Cipher)>? same))
        {
            _newestFirst.Remove(same);
            same.Value.Cipher.LetGo();
        }

        _ = cipher.TryHold();
        _byFile[name] = _newestFirst.AddFirst((name, cipher));
        DropOldest();
    }

    /// <summary>The keys of a stay's files go now, whoever holds them.</summary>
    public void Destroy(StayId stay)
    {
        foreach (LinkedListNode<((FileIdentity File, UInt128 Salt) Name, FileCipher Cipher)> node in _byFile.Values.Where(node => node.Value.Cipher.Stay == stay).ToArray())
        {
            _newestFirst.Remove(node);
            _ = _byFile.Remove(node.Value.Name);
            node.Value.Cipher.Destroy();
        }
    }

    public void Clear()
    {
        foreach (((FileIdentity, UInt128) _, FileCipher cipher) in _newestFirst)
        {
            cipher.LetGo();
        }

        _newestFirst.Clear();
        _byFile.Clear();
    }

    /// <summary>One that somebody holds stays here, so that it is found when its stay is erased.</summary>
    private void DropOldest()
    {
        for (LinkedListNode<((FileIdentity File, UInt128 Salt) Name, FileCipher Cipher)>? node = _newestFirst.Last; node is not null && _newestFirst.Count > Most;)
        {
            LinkedListNode<((FileIdentity File, UInt128 Salt) Name, FileCipher Cipher)>? next = node.Previous;
            if (node.Value.Cipher.IsIdle)
            {
                _newestFirst.Remove(node);
                _ = _byFile.Remove(node.Value.Name);
                node.Value.Cipher.LetGo();
            }

            node = next;
        }
    }
}
