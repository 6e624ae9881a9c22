// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Coin} from "Coin.sol";

/// Answers false and moves nothing, as some old tokens do.
contract FalseCoin is Coin {
    function transfer(address, uint256) external pure override returns (bool) {
        return false;
    }
}

/// Keeps one hundredth of what is sent.
contract FeeCoin is Coin {
    function transfer(address to, uint256 value) external override returns (bool) {
        uint256 fee = value / 100;
        _move(msg.sender, address(0xfee), fee);
        _move(msg.sender, to, value - fee);
        return true;
    }
}

/// Says that all of it arrived, and credits half.
contract LyingCoin is Coin {
    function transfer(address to, uint256 value) external override returns (bool) {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value / 2;
        emit Transfer(msg.sender, to, value);
        return true;
    }
}

/// Can be switched off, can change its decimals, and can take back what somebody has.
contract MoodyCoin is Coin {
    bool public isOff;

    function seize(address from, uint256 value) external {
        _move(from, msg.sender, value);
    }

    function setOff(bool off) external {
        isOff = off;
    }

    function setDecimals(uint8 to) external {
        decimals = to;
    }

    function transfer(address to, uint256 value) external override returns (bool) {
        require(!isOff, "switched off");
        _move(msg.sender, to, value);
        return true;
    }
}

/// A wallet that is a contract: valid is what its owner signed (EIP-1271).
contract Wallet {
    address public owner;

    constructor(address of_) {
        owner = of_;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        return ecrecover(hash, v, r, s) == owner ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}
